import {
  type ActiveRule,
  activeRule,
  alertName,
  groupingOf,
  groupKey,
  type PendingAlert,
  type RuleChoices,
} from '../../../src/alerts/index.ts';
import type { Alert } from '../../../src/api/alert.generated.ts';
import type { SlimAlert } from '../../../src/controllers/alert/slim-alert.ts';
import { slimAlert } from '../../../src/controllers/alert/slim-alert.ts';
import { StatusError, Store } from '../../../src/kube/index.ts';
import { compileRule } from '../../../src/sigma/index.ts';
import { auditRecord } from '../alerts/audit-records.ts';
import { hit } from '../alerts/hits.ts';

const SIGMA = `title: Test
logsource: {product: kubernetes, service: audit}
detection:
  selection: {verb|exists: true}
  condition: selection
`;

export function ruleNamed(name: string, choices: RuleChoices = {}): ActiveRule {
  const result = compileRule(SIGMA);
  if (!result.ok) throw new Error('the rule is broken');
  return activeRule(name, 'aa', { kind: 'rule', rule: result.rule }, choices, []);
}

/** Requests of an actor about one object, at these offsets. */
export function pendingOf(rule: ActiveRule, actor: string, object: string, offsets: readonly number[]): PendingAlert {
  const { event } = auditRecord(0, {
    user: { username: actor },
    objectRef: { resource: 'cronjobs', apiGroup: 'batch', apiVersion: 'v1', namespace: 'shop', name: object },
  });
  const key = groupKey(event, '', groupingOf(['Actor', 'Operation', 'Outcome', 'Object']));
  const hits = offsets.map((offset) => hit(offset, { actor }));
  return { name: alertName(rule.name, key), rule, key, hits, evidence: [] };
}

/** The Alerts of an API server, in memory: with resource versions, and a store that hears of every change at once. */
export class AlertObjects {
  readonly store = new Store<SlimAlert>();
  readonly objects = new Map<string, Alert>();
  readonly writes: string[] = [];
  /** Called before each request; may throw, or change things behind the caller's back. */
  before: (method: string, name: string) => void = () => undefined;
  /** Called when a status was written, before the answer is on its way; may throw: then it is lost. */
  written: (name: string) => void = () => undefined;
  /** False: the store hears of nothing. */
  watched = true;
  #version = 0;

  constructor() {
    this.store.replace([]);
  }

  readonly get = async ({ name }: { readonly name: string }): Promise<Alert> => {
    this.before('get', name);
    return this.objects.get(name) ?? refuse(404, 'NotFound');
  };

  readonly create = async ({
    metadata,
    finding,
  }: Pick<Alert, 'finding'> & { readonly metadata: { readonly name?: string } }): Promise<Alert> => {
    const name = metadata.name ?? '';
    this.before('create', name);
    if (this.objects.has(name)) return refuse(409, 'AlreadyExists');
    this.writes.push(`create ${name}`);
    return this.#put({
      apiVersion: 'detection.sigma-operator.dev/v1alpha1',
      kind: 'Alert',
      metadata: { name, uid: `uid-${++this.#version}` },
      finding,
    });
  };

  readonly replaceStatus = async (alert: Alert): Promise<Alert> => {
    const { name, resourceVersion } = alert.metadata;
    this.before('replaceStatus', name);
    const current = this.objects.get(name);
    if (current === undefined) return refuse(404, 'NotFound');
    if (current.metadata.resourceVersion !== resourceVersion) return refuse(409, 'Conflict');
    this.writes.push(`status ${name}`);
    const stored = this.#put({ ...current, ...(alert.status && { status: alert.status }) });
    this.written(name);
    return stored;
  };

  readonly delete = async (
    { name }: { readonly name: string },
    options: { readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string } } = {},
  ): Promise<void> => {
    this.before('delete', name);
    const current = this.objects.get(name);
    if (current === undefined) return refuse(404, 'NotFound');
    const { resourceVersion = current.metadata.resourceVersion } = options.preconditions ?? {};
    if (current.metadata.resourceVersion !== resourceVersion) return refuse(409, 'Conflict');
    this.writes.push(`delete ${name}`);
    this.objects.delete(name);
    if (this.watched) this.store.delete(slimAlert(current));
  };

  /** The store hears of everything that it has missed. */
  readonly catchUp = async (): Promise<void> => {
    this.store.replace([...this.objects.values()].map(slimAlert));
  };

  /** How many requests all Alerts of a rule count. */
  counted(rule: string): number {
    return [...this.objects.values()]
      .filter(({ finding }) => finding.rule.name === rule)
      .reduce((sum, { status }) => sum + (status?.count ?? 0), 0);
  }

  #put(alert: Alert): Alert {
    const stored: Alert = structuredClone({
      ...alert,
      metadata: { ...alert.metadata, resourceVersion: String(++this.#version) },
    });
    this.objects.set(stored.metadata.name, stored);
    if (this.watched) this.store.set(slimAlert(stored));
    return stored;
  }
}

function refuse(code: number, reason: string): never {
  throw new StatusError({ code, reason }, { method: 'PUT', path: '/alerts' });
}
