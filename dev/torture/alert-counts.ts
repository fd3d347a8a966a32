import type { ApiRequests } from '../control-plane/index.ts';
import { groupText } from './recount.ts';

/** An Alert, as far as the torture looks at it. */
export interface AlertFields {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly finding: {
    readonly rule: { readonly name: string };
    readonly actor: string;
    readonly impersonated?: string;
    readonly operation: string;
    readonly outcome: string;
    readonly target: string;
    readonly overflow?: boolean;
  };
  readonly status?: {
    readonly count?: number;
    readonly actors?: Readonly<Record<string, number>>;
    /** Of tallies that are not exact. */
    readonly margins?: { readonly actors?: string };
  };
}

/** What one Alert counted, or had counted when it was deleted. */
export interface AlertCount {
  readonly rule: string;
  /** Undefined for what found no room in Alerts of its own. */
  readonly group: string | undefined;
  readonly count: number;
  /** Of what found no room: whose it was. Undefined where that is not certain. */
  readonly actors: Readonly<Record<string, number>> | undefined;
}

export const ALERTS_PATH = '/apis/detection.sigma-operator.dev/v1alpha1/alerts';

export async function listAlerts(api: ApiRequests): Promise<readonly AlertFields[]> {
  const { items } = await api.json<{ readonly items: readonly AlertFields[] }>({ path: ALERTS_PATH });
  return items;
}

export function alertCount({ finding, status }: AlertFields): AlertCount {
  const { actor, impersonated, operation, target, outcome } = finding;
  const who = impersonated === undefined ? actor : `${actor} as ${impersonated}`;
  const isExact = status?.margins?.actors === undefined;
  return {
    rule: finding.rule.name,
    group: finding.overflow === true ? undefined : groupText(who, operation, target, outcome),
    count: status?.count ?? 0,
    actors: finding.overflow === true && isExact ? (status?.actors ?? {}) : undefined,
  };
}
