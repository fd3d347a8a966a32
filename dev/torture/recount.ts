import { auditLogFiles, wholeLinesOf } from '../control-plane/index.ts';
import { MARKER_NAMESPACE, NAMESPACE, RULES } from './manifests.ts';

/** What Alerts should say, counted without any code of the operator: by rule, then by group. */
export interface Recount {
  readonly rules: ReadonlyMap<string, ReadonlyMap<string, ExpectedGroup>>;
  /** Requests that the filter leaves out. */
  readonly suppressed: number;
  /** Events in the log. */
  readonly events: number;
  /** Files of the log. */
  readonly files: number;
}

export interface ExpectedGroup {
  /** Who acted, whomever they impersonated. */
  readonly actor: string;
  count: number;
}

interface LoggedEvent {
  readonly auditID: string;
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
  readonly user?: { readonly username?: string };
  readonly impersonatedUser?: { readonly username?: string };
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly requestObject?: { readonly metadata?: { readonly name?: string; readonly generateName?: string } };
  readonly responseObject?: { readonly metadata?: { readonly name?: string } };
  readonly responseStatus?: { readonly code?: number };
}

type Outcome = 'Allowed' | 'Denied' | 'Failed' | 'Unknown';

interface CountedRule {
  readonly matches: (event: LoggedEvent) => boolean;
  /** Failed requests count, too. */
  readonly failures: boolean;
  /** What the filter on it leaves out. */
  readonly isKnown?: (event: LoggedEvent) => boolean;
  readonly group: (event: LoggedEvent) => string;
}

const WRITES = ['create', 'update', 'patch', 'delete'];

/** The rules of `manifests.ts`, a second time. */
const COUNTED: Readonly<Record<string, CountedRule>> = {
  [RULES.shipped]: {
    matches: ({ verb, objectRef: on }) =>
      on?.apiGroup === 'batch' && ['cronjobs', 'jobs'].includes(on.resource ?? '') && WRITES.includes(verb),
    failures: false,
    group: byDefault,
  },
  [RULES.configuration]: {
    matches: ({ verb, objectRef: on }) =>
      on?.resource === 'configmaps' && on.namespace === NAMESPACE && WRITES.includes(verb),
    failures: false,
    isKnown: ({ user, impersonatedUser, verb }) =>
      user?.username === 'bob' && impersonatedUser === undefined && verb === 'delete',
    group: (event) => groupText(actorOf(event), 'any', 'anything', outcomeOf(event)),
  },
  [RULES.refused]: {
    matches: ({ requestURI, responseStatus }) =>
      requestURI.startsWith(`/api/v1/namespaces/${NAMESPACE}/configmaps`) &&
      [401, 403, 404, 409].includes(responseStatus?.code ?? 0),
    failures: true,
    group: byDefault,
  },
  [RULES.watching]: {
    matches: ({ verb, objectRef: on }) =>
      verb === 'watch' && on?.resource === 'configmaps' && on.namespace === NAMESPACE,
    failures: false,
    group: byDefault,
  },
  [RULES.marker]: {
    matches: ({ verb, objectRef: on }) =>
      verb === 'patch' && on?.resource === 'configmaps' && on.namespace === MARKER_NAMESPACE,
    failures: false,
    group: byDefault,
  },
};

/** Recounts the rules and the filter of the torture over all the files of the log, wherever they were moved. */
export function recount(directories: readonly string[]): Recount {
  const rules = new Map<string, Map<string, ExpectedGroup>>(Object.keys(COUNTED).map((name) => [name, new Map()]));
  const seen = new Set<string>();
  const files = directories.flatMap(auditLogFiles);
  let events = 0;
  let suppressed = 0;
  for (const file of files) {
    for (const event of eventsOf(file)) {
      events += 1;
      if (event.stage === 'RequestReceived') continue;
      for (const [name, rule] of Object.entries(COUNTED)) {
        if (!rule.matches(event) || !isFirst(seen, name, event) || isLeftOut(event, rule)) continue;
        if (rule.isKnown?.(event) === true) {
          suppressed += 1;
          continue;
        }
        const groups = rules.get(name);
        const group = rule.group(event);
        const known = groups?.get(group);
        if (known === undefined) groups?.set(group, { actor: userOf(event), count: 1 });
        else known.count += 1;
      }
    }
  }
  return { rules, suppressed, events, files: files.length };
}

/** A request may be logged when it starts and when it ends: it counts once. */
function isFirst(seen: Set<string>, rule: string, event: LoggedEvent): boolean {
  const request = [rule, event.auditID, event.requestReceivedTimestamp, event.user?.username, event.requestURI].join(
    ' ',
  );
  if (seen.has(request)) return false;
  seen.add(request);
  return true;
}

function isLeftOut(event: LoggedEvent, { failures }: CountedRule): boolean {
  return (outcomeOf(event) === 'Failed' && !failures) || /[?&]dryRun=All(&|$)/.test(event.requestURI);
}

/** What an Alert of a group is about, as one text. */
export function groupText(actor: string, operation: string, target: string, outcome: string): string {
  return `${actor}: ${operation} ${target}, ${outcome}`;
}

function byDefault(event: LoggedEvent): string {
  const { objectRef: on = {}, verb } = event;
  const user = event.user?.username;
  const byObject = user !== undefined && user !== '' && !user.startsWith('system:');
  const type = `${on.resource}${on.apiGroup === undefined ? '' : `.${on.apiGroup}`}`;
  const name = byObject ? nameOf(event) : '';
  const target = `${type} ${on.namespace}/${name === '' ? '*' : name}`;
  const operation = { create: 'create', update: 'change', patch: 'change', delete: 'delete' }[verb] ?? 'read';
  return groupText(actorOf(event), operation, target, outcomeOf(event));
}

function userOf({ user }: LoggedEvent): string {
  return user?.username === undefined || user.username === '' ? '(unauthenticated)' : user.username;
}

function actorOf(event: LoggedEvent): string {
  const { impersonatedUser } = event;
  return impersonatedUser === undefined ? userOf(event) : `${userOf(event)} as ${impersonatedUser.username}`;
}

function outcomeOf({ responseStatus }: LoggedEvent): Outcome {
  const code = responseStatus?.code;
  if (code === undefined) return 'Unknown';
  if (code < 400) return 'Allowed';
  return code === 401 || code === 403 ? 'Denied' : 'Failed';
}

function nameOf({ verb, objectRef, requestObject, responseObject }: LoggedEvent): string {
  if (objectRef?.name !== undefined && objectRef.name !== '') return objectRef.name;
  if (verb !== 'create') return '';
  const name = responseObject?.metadata?.name ?? requestObject?.metadata?.name;
  const prefix = requestObject?.metadata?.generateName;
  return name ?? (prefix === undefined ? '' : `${prefix}*`);
}

const BEGINNING = '{"kind":"Event","apiVersion":"audit.k8s.io/v1"';

/** An API server that was killed may have left half of a line, and what comes next stands behind it. */
function* eventsOf(file: string): Generator<LoggedEvent> {
  for (const line of wholeLinesOf(file)) {
    for (let start = line.indexOf(BEGINNING); start >= 0; start = line.indexOf(BEGINNING, start + 1)) {
      const event = parsed(line.slice(start));
      if (event === undefined) continue;
      yield event;
      break;
    }
  }
}

function parsed(text: string): LoggedEvent | undefined {
  try {
    const event: LoggedEvent = JSON.parse(text);
    return event;
  } catch {
    return undefined;
  }
}
