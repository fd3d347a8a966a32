import { sumTotals, type TotalsByFilter, type TotalsByRule } from '../../alerts/index.ts';
import { type Change, type Clock, keyOf, type Lease, type Store } from '../../kube/index.ts';
import { COMPONENT_LABEL, NODE_COMPONENT, REPLICA_COMPONENT } from './lease-labels.ts';
import { decodeNodeReport, NODE_ANNOTATION, type NodeReport, type SourceProgress } from './node-report.ts';
import { REPLICA_LEASE_SECONDS } from './replica-publisher.ts';
import { decodeRulesReport, RULES_ANNOTATION, type RulesReport, runsRule } from './rules-report.ts';

interface Replica {
  readonly encoded: string | undefined;
  readonly report: RulesReport;
  readonly renewTime: string | undefined;
  /** Monotonic milliseconds. Clocks of replicas differ: what counts is when the Lease was seen to change. */
  readonly seenAt: number;
}

/** A node whose logs are, or were, read. */
export interface KnownNode {
  readonly report: NodeReport;
  /** The replica that reads them now; undefined where none does, as far as can be told. */
  readonly holder: string | undefined;
}

interface NodeLease extends KnownNode {
  readonly renewTime: string | undefined;
  /** Monotonic milliseconds. */
  readonly seenAt: number;
  /** Milliseconds without a renewal after which the holder counts as gone. */
  readonly duration: number;
}

export interface RegistryListener {
  /** Which replicas there are, or what one of them runs, has changed. */
  replicasChanged(): void;
  /** How far some node's logs were read has changed. */
  nodesChanged(): void;
}

/** What the replicas published: who is alive, what each runs, and how far each node's log was read. */
export class ReplicaRegistry {
  readonly #clock: Clock;
  readonly #listener: RegistryListener;
  readonly #replicas = new Map<string, Replica>();
  readonly #nodes = new Map<string, NodeLease>();

  constructor(leases: Store<Lease>, clock: Clock, listener: RegistryListener) {
    this.#clock = clock;
    this.#listener = listener;
    leases.subscribe((change) => this.#take(change));
  }

  /** On how many of the living replicas this version of a rule runs. */
  running(rule: string, generation: number, hash: string): { readonly running: number; readonly total: number } {
    const alive = [...this.#replicas.values()].filter((replica) => this.#isAlive(replica));
    const running = alive.filter(({ report }) => runsRule(report, rule, generation, hash)).length;
    return { running, total: alive.length };
  }

  /** By the names of their Leases; of all nodes ever seen, also where nobody reads its log now. */
  nodes(): ReadonlyMap<string, KnownNode> {
    return new Map(
      [...this.#nodes].map(([name, node]) => [
        name,
        { report: node.report, holder: this.#isRead(node) ? node.holder : undefined },
      ]),
    );
  }

  /** What each rule did, over all nodes and sources. */
  totals(): TotalsByRule {
    return sumTotals(this.#progress().map(({ totals }) => totals));
  }

  /** What filters left out, of each node and source. */
  filters(): readonly TotalsByFilter[] {
    return this.#progress().flatMap(({ filters }) => (filters === undefined ? [] : [filters]));
  }

  #progress(): readonly SourceProgress[] {
    const reports = [...this.#nodes.values()].flatMap(({ report }) => Object.values(report.sources));
    return reports.flatMap(({ partition }) => partition?.extra.progress ?? []);
  }

  /** Which replicas are alive, by the names of their Leases, and which nodes' logs are read, by those of theirs. */
  alive(): ReadonlySet<string> {
    const replicas = [...this.#replicas].filter(([, replica]) => this.#isAlive(replica)).map(([key]) => key);
    const nodes = [...this.#nodes].filter(([, node]) => this.#isRead(node)).map(([name]) => name);
    return new Set([...replicas, ...nodes]);
  }

  /** Keys of the Leases of replicas that have been silent for this many seconds. */
  silentFor(seconds: number): readonly string[] {
    const now = this.#clock.monotonic();
    return [...this.#replicas].filter(([, { seenAt }]) => now - seenAt > seconds * 1000).map(([key]) => key);
  }

  #isAlive({ seenAt }: Replica): boolean {
    return this.#clock.monotonic() - seenAt < REPLICA_LEASE_SECONDS * 1000;
  }

  #isRead({ holder, seenAt, duration }: NodeLease): boolean {
    return holder !== undefined && this.#clock.monotonic() - seenAt < duration;
  }

  #take({ type, object }: Change<Lease>): void {
    const component = object.metadata.labels?.[COMPONENT_LABEL];
    if (component === REPLICA_COMPONENT) this.#takeReplica(type === 'delete', object);
    if (component === NODE_COMPONENT) this.#takeNode(type === 'delete', object);
  }

  #takeReplica(gone: boolean, lease: Lease): void {
    const key = keyOf(lease);
    const before = this.#replicas.get(key);
    if (gone) {
      this.#replicas.delete(key);
      this.#listener.replicasChanged();
      return;
    }
    const renewTime = lease.spec?.renewTime;
    const seenAt = before?.renewTime === renewTime && before !== undefined ? before.seenAt : this.#clock.monotonic();
    const encoded = lease.metadata.annotations?.[RULES_ANNOTATION];
    const report = before?.encoded === encoded && before !== undefined ? before.report : decodeRulesReport(encoded);
    this.#replicas.set(key, { encoded, report, renewTime, seenAt });
    if (report !== before?.report) this.#listener.replicasChanged();
  }

  #takeNode(gone: boolean, lease: Lease): void {
    const report = decodeNodeReport(lease.metadata.annotations?.[NODE_ANNOTATION]);
    if (report === undefined) return;
    const { name } = lease.metadata;
    if (gone) {
      this.#nodes.delete(name);
    } else {
      const { holderIdentity, renewTime, leaseDurationSeconds = 0 } = lease.spec ?? {};
      const before = this.#nodes.get(name);
      this.#nodes.set(name, {
        report,
        holder: holderIdentity === '' ? undefined : holderIdentity,
        renewTime,
        seenAt: before !== undefined && before.renewTime === renewTime ? before.seenAt : this.#clock.monotonic(),
        duration: leaseDurationSeconds * 1000,
      });
    }
    this.#listener.nodesChanged();
  }
}
