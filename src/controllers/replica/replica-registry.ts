import { type Change, type Clock, keyOf, type Store } from '../../kube/index.ts';
import { COMPONENT_LABEL, type Lease, NODE_COMPONENT, REPLICA_COMPONENT } from './lease.ts';
import { decodeNodeReport, NODE_ANNOTATION, type NodeReport } from './node-report.ts';
import { REPLICA_LEASE_SECONDS } from './replica-publisher.ts';
import { decodeRulesReport, RULES_ANNOTATION, type RulesReport, runsRule } from './rules-report.ts';

interface Replica {
  readonly report: RulesReport;
  readonly renewTime: string | undefined;
  /** Monotonic milliseconds. Clocks of replicas differ: what counts is when the Lease was seen to change. */
  readonly seenAt: number;
}

/** What the replicas published: who is alive, what each runs, and how far each node's log was read. */
export class ReplicaRegistry {
  readonly #clock: Clock;
  readonly #replicas = new Map<string, Replica>();
  readonly #nodes = new Map<string, { readonly report: NodeReport; readonly holder: string | undefined }>();

  constructor(leases: Store<Lease>, clock: Clock) {
    this.#clock = clock;
    leases.subscribe((change) => this.#take(change));
  }

  /** On how many of the living replicas this version of a rule runs. */
  running(rule: string, generation: number, hash: string): { readonly running: number; readonly total: number } {
    const alive = [...this.#replicas.values()].filter((replica) => this.#isAlive(replica));
    const running = alive.filter(({ report }) => runsRule(report, rule, generation, hash)).length;
    return { running, total: alive.length };
  }

  /** By the node's name; of all nodes ever seen, also where nobody reads its log now. */
  nodes(): ReadonlyMap<string, { readonly report: NodeReport; readonly holder: string | undefined }> {
    return this.#nodes;
  }

  /** Keys of the Leases of replicas that have been silent for this many seconds. */
  silentFor(seconds: number): readonly string[] {
    const now = this.#clock.monotonic();
    return [...this.#replicas].filter(([, { seenAt }]) => now - seenAt > seconds * 1000).map(([key]) => key);
  }

  #isAlive({ seenAt }: Replica): boolean {
    return this.#clock.monotonic() - seenAt < REPLICA_LEASE_SECONDS * 1000;
  }

  #take({ type, object }: Change<Lease>): void {
    const component = object.metadata.labels?.[COMPONENT_LABEL];
    if (component === REPLICA_COMPONENT) this.#takeReplica(type === 'delete', object);
    if (component === NODE_COMPONENT) this.#takeNode(type === 'delete', object);
  }

  #takeReplica(gone: boolean, lease: Lease): void {
    const key = keyOf(lease);
    if (gone) return void this.#replicas.delete(key);
    const renewTime = lease.spec?.renewTime;
    const before = this.#replicas.get(key);
    const seenAt = before?.renewTime === renewTime && before !== undefined ? before.seenAt : this.#clock.monotonic();
    this.#replicas.set(key, {
      report: decodeRulesReport(lease.metadata.annotations?.[RULES_ANNOTATION]),
      renewTime,
      seenAt,
    });
  }

  #takeNode(gone: boolean, lease: Lease): void {
    const report = decodeNodeReport(lease.metadata.annotations?.[NODE_ANNOTATION]);
    if (report === undefined) return;
    if (gone) return void this.#nodes.delete(report.node);
    const holder = lease.spec?.holderIdentity;
    this.#nodes.set(report.node, { report, holder: holder === '' ? undefined : holder });
  }
}
