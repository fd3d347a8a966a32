import type { PrimaryPartition } from '../../audit/index.ts';
import { type Change, keyOf, type Lease, type Store } from '../../kube/index.ts';
import { RECEIVER_LEASE } from '../replica/lease-labels.ts';
import { decodeNodeReport, NODE_ANNOTATION, type NodeReport } from '../replica/node-report.ts';

/** Knows how far the log files of AuditSources were counted, as the nodes' Leases say: for those that are the backups of them. */
export class PrimaryWatch {
  readonly #leases: Store<Lease>;
  readonly #reports = new Map<string, NodeReport>();
  readonly #listeners = new Set<() => void>();

  constructor(leases: Store<Lease>) {
    this.#leases = leases;
    leases.subscribe((change) => this.#take(change));
  }

  /**
   * How far the source is on every node, of which it is known; a node that counted nothing yet is at 0. Nothing before
   * everything is known: where one node's gaps are missing, events would be left out that nobody counts.
   */
  of(source: string): readonly PrimaryPartition[] {
    return this.#leases.hasSynced ? primariesOf(source, this.#reports.values()) : [];
  }

  /** @returns what ends it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #take({ type, object }: Change<Lease>): void {
    // What is delivered to the receiver comes from several API servers and in no order: nobody can be its backup.
    if (object.metadata.name === RECEIVER_LEASE) return;
    const report = decodeNodeReport(object.metadata.annotations?.[NODE_ANNOTATION]);
    if (type === 'delete' || report === undefined) this.#reports.delete(keyOf(object));
    else this.#reports.set(keyOf(object), report);
    for (const listener of this.#listeners) listener();
  }
}

function primariesOf(source: string, reports: Iterable<NodeReport>): readonly PrimaryPartition[] {
  return [...reports].flatMap(({ node, sources }) => {
    const report = sources[source];
    if (report === undefined) return [];
    const { countedTo = 0, timeGaps = [] } = report.partition?.extra.progress ?? {};
    return [{ origin: node, countedTo, gaps: timeGaps }];
  });
}
