import type { ApiRequests } from '../control-plane/index.ts';
import { waitUntil } from '../demo/wait-until.ts';
import { listAlerts } from './alert-counts.ts';
import { FILTER, MARKER_NAMESPACE, RULES } from './manifests.ts';
import { NODE } from './replica.ts';

const LEASES = '/apis/coordination.k8s.io/v1/namespaces/sigma-operator/leases';
const GROUP_PATH = '/apis/detection.sigma-operator.dev/v1alpha1';
const NODE_LEASE = `node-${NODE}`;
const LEADER_LEASE = 'leader';
const RECEIVER_LEASE = 'receiver';
const PATIENCE = 180;

interface Lease {
  readonly spec?: { readonly holderIdentity?: string; readonly renewTime?: string };
}

/** What the operator says of itself, as anybody can see it from outside. */
export class OperatorView {
  readonly #api: ApiRequests;

  constructor(api: ApiRequests) {
    this.#api = api;
  }

  /** The name of the replica that reads the log; empty where none does. */
  async reader(): Promise<string> {
    const { spec } = await this.#api.json<Lease>({ path: `${LEASES}/${NODE_LEASE}` });
    return (spec?.holderIdentity ?? '').replace(/_.*$/, '');
  }

  /** The replica that held them is certainly dead: nobody needs to wait until its Leases expire. */
  async clearLeases(of: 'reader' | 'receiver'): Promise<void> {
    for (const name of of === 'reader' ? [NODE_LEASE, LEADER_LEASE] : [RECEIVER_LEASE]) {
      const body = { spec: { holderIdentity: '' } };
      await this.#api.json({ method: 'PATCH', path: `${LEASES}/${name}`, body });
    }
  }

  /** Resolves when all rules of the torture run, and the filter. */
  async rulesReady(): Promise<void> {
    const rules = Object.values(RULES).map((name) => `detectionrules/${name}`);
    for (const name of [...rules, `detectionfilters/${FILTER}`]) {
      await waitUntil(`${name} to run`, async () => {
        const { status } = await this.#api.json<Conditioned>({ path: `${GROUP_PATH}/${name}` });
        return status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True');
      });
    }
  }

  /** How many requests the filter says it left out. */
  async suppressed(): Promise<number> {
    const path = `${GROUP_PATH}/detectionfilters/${FILTER}`;
    const { status } = await this.#api.json<{ readonly status?: { readonly suppressed?: number } }>({ path });
    return status?.suppressed ?? 0;
  }

  /** Resolves when the log is read: what is logged from then on counts. */
  async reading(): Promise<void> {
    await waitUntil('the log to be read', async () => {
      const path = `${GROUP_PATH}/auditsources/kube-apiserver`;
      const { status } = await this.#api.json<{ readonly status?: { readonly events?: number } }>({ path });
      return (status?.events ?? 0) > 0 ? true : undefined;
    });
  }

  /**
   * Resolves when everything that was logged before the call is counted, and stored as counted. Alerts of one batch are
   * written in any order, but a batch only after all of the one before: the second marker is in a later batch than the first.
   */
  async settled(): Promise<void> {
    await this.#mark();
    await this.#mark();
  }

  /**
   * Resolves when all that is counted now is stored where another replica finds it, too. Until then an Alert that is deleted
   * may be counted again (a documented limit): whoever deletes one waits, and breaks nothing meanwhile.
   */
  async published(): Promise<void> {
    await this.settled();
    for (const name of [NODE_LEASE, RECEIVER_LEASE]) {
      const seen = new Set<string>();
      // The second renewal from now on was certainly made with what is stored now.
      await waitUntil('the positions to be published', async () => {
        const { spec } = await this.#api.json<Lease>({ path: `${LEASES}/${name}` });
        seen.add(spec?.renewTime ?? '');
        return seen.size > 2 ? true : undefined;
      });
    }
  }

  async #mark(): Promise<void> {
    const before = await this.#marks();
    const path = `/api/v1/namespaces/${MARKER_NAMESPACE}/configmaps/marker`;
    await this.#api.json({ method: 'PATCH', path, body: { data: { mark: String(Math.random()) } } });
    const isCounted = async () => ((await this.#marks()) > before ? true : undefined);
    await waitUntil('everything to be counted', isCounted, PATIENCE);
  }

  /** The Alert of the markers is never deleted. */
  async #marks(): Promise<number> {
    const alerts = await listAlerts(this.#api);
    return alerts.find(({ finding }) => finding.rule.name === RULES.marker)?.status?.count ?? 0;
  }
}

interface Conditioned {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}
