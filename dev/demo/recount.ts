import { auditLogFiles, wholeLinesOf } from '../control-plane/index.ts';

/** What one Alert of the CronJob/Job rule should say, counted without any code of the operator. */
export interface ExpectedAlert {
  readonly actor: string;
  readonly impersonated: string | undefined;
  readonly operation: string;
  readonly outcome: string;
  readonly resource: string;
  readonly namespace: string;
  /** Undefined where the Alert is about all objects of the resource in the namespace, or the log has no name. */
  readonly name: string | undefined;
  count: number;
}

/** What the rule matches and leaves out, by cause; `filter` is what built-in controllers do. */
interface ExpectedLeftOut {
  readonly outcome: number;
  readonly dryRun: number;
  readonly filter: number;
}

export interface Recount {
  readonly alerts: readonly ExpectedAlert[];
  readonly leftOut: ExpectedLeftOut;
}

interface LoggedEvent {
  readonly level: string;
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly requestReceivedTimestamp: string;
  readonly user?: { readonly username?: string };
  readonly impersonatedUser?: { readonly username?: string };
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly requestObject?: {
    readonly metadata?: { readonly name?: string; readonly generateName?: string };
    readonly dryRun?: readonly string[];
  };
  readonly responseObject?: { readonly metadata?: { readonly name?: string } };
  readonly responseStatus?: { readonly code?: number };
}

const OPERATIONS: Readonly<Record<string, string>> = {
  create: 'create',
  update: 'change',
  patch: 'change',
  delete: 'delete',
};

/** What each built-in controller does with Jobs and CronJobs; where they share an identity, it does all of that. */
const AT_WORK: Readonly<Record<string, readonly string[]>> = {
  'cronjob-controller': ['create jobs', 'delete jobs', 'update cronjobs/status'],
  'job-controller': ['update jobs/status'],
  'ttl-after-finished-controller': ['delete jobs'],
  'generic-garbage-collector': ['delete cronjobs', 'delete jobs', 'patch cronjobs', 'patch jobs'],
};

interface RecountOptions {
  /** Only requests from then on. */
  readonly since?: Date;
  /** Whether the filter of built-in controllers is in force. Default: true, as installed. */
  readonly filtered?: boolean;
}

/**
 * Recounts the CronJob/Job rule and the filter on it over the whole audit log in a directory, backups included: a second
 * opinion for the demo and the tests. It knows the rule, the filter and the grouping, and shares nothing with the operator.
 */
export function recount(directory: string, { since = new Date(0), filtered = true }: RecountOptions = {}): Recount {
  const alerts = new Map<string, ExpectedAlert>();
  const leftOut = { outcome: 0, dryRun: 0, filter: 0 };
  for (const file of auditLogFiles(directory)) {
    for (const line of wholeLinesOf(file)) {
      const event: LoggedEvent = JSON.parse(line);
      const match = expected(event, filtered);
      if (match === undefined || Date.parse(event.requestReceivedTimestamp) < since.getTime()) continue;
      if (typeof match === 'string') {
        leftOut[match] += 1;
        continue;
      }
      const { count: _, ...key } = match;
      const known = alerts.get(JSON.stringify(key));
      if (known === undefined) alerts.set(JSON.stringify(key), match);
      else known.count += 1;
    }
  }
  return { alerts: [...alerts.values()], leftOut };
}

/** Undefined where the rule does not match. */
function expected(event: LoggedEvent, filtered: boolean): ExpectedAlert | keyof ExpectedLeftOut | undefined {
  const operation = OPERATIONS[event.verb];
  const code = event.responseStatus?.code ?? 0;
  const on = event.objectRef;
  if (event.stage !== 'ResponseComplete' || on?.apiGroup !== 'batch' || operation === undefined) return undefined;
  if (on.resource !== 'cronjobs' && on.resource !== 'jobs') return undefined;
  const outcome = code < 400 ? 'Allowed' : code === 401 || code === 403 ? 'Denied' : 'Failed';
  if (outcome === 'Failed') return 'outcome';
  if (isDryRun(event)) return 'dryRun';
  if (filtered && isControllerAtWork(event)) return 'filter';
  const actor = event.user?.username ?? '';
  return {
    actor,
    impersonated: event.impersonatedUser?.username,
    operation,
    outcome,
    resource: on.resource,
    namespace: on.namespace ?? '',
    name: actor.startsWith('system:') ? undefined : nameOf(event),
    count: 1,
  };
}

function isControllerAtWork({ user, impersonatedUser, verb, objectRef }: LoggedEvent): boolean {
  if (impersonatedUser !== undefined || objectRef === undefined) return false;
  const { resource, subresource } = objectRef;
  const does = `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
  const username = user?.username ?? '';
  if (username === 'system:kube-controller-manager') return Object.values(AT_WORK).flat().includes(does);
  const own = /^system:serviceaccount:kube-system:([^:]+)$/.exec(username)?.[1] ?? '';
  return AT_WORK[own]?.includes(does) ?? false;
}

/** A delete says so in its body, which only the levels Request and RequestResponse log. */
function isDryRun({ verb, requestURI, requestObject }: LoggedEvent): boolean {
  if (verb === 'delete') return requestObject?.dryRun?.includes('All') ?? false;
  return /[?&]dryRun=All(&|$)/.test(requestURI);
}

function nameOf({ objectRef, requestObject, responseObject }: LoggedEvent): string | undefined {
  const name = objectRef?.name ?? responseObject?.metadata?.name ?? requestObject?.metadata?.name;
  const prefix = requestObject?.metadata?.generateName;
  return name ?? (prefix === undefined ? undefined : `${prefix}*`);
}
