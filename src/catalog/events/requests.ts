import { isLongRunning } from '../../audit/index.ts';
import { type AuditLevel, isAtLeast, type PolicyStage } from '../policy/policy.ts';
import type { Dimension } from './field-source.ts';

/** The verbs of requests about resources. `proxy` is an old form of path that kube-apiserver still reads. */
export const RESOURCE_VERBS = Object.freeze([
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'proxy',
  'update',
  'watch',
]);

/** The verbs of requests for other paths: HTTP methods in lower case, with those that scanners send. */
export const PATH_VERBS = Object.freeze([
  'connect',
  'delete',
  'get',
  'head',
  'options',
  'patch',
  'post',
  'propfind',
  'put',
  'trace',
]);

/** A name, or a name that is only known to fit a pattern of the rule (and nothing is known of it). */
export type DimensionValue = string | { readonly pattern: string };

/** A kind of request, as far as it is known; what is undefined may be anything. Absent names are empty. */
export type RequestKind = { readonly [D in Dimension]?: DimensionValue } & {
  /** Whether the path names a resource. */
  readonly isResource: boolean;
};

/** Every verb, on names that may be anything. */
export const EVERY_KIND: readonly RequestKind[] = Object.freeze([
  ...RESOURCE_VERBS.map((verb) => ({ isResource: true, verb })),
  ...PATH_VERBS.map((verb) => ({ isResource: false, verb })),
]);

/** A moment at which a request can be logged, and what is there then. */
export interface Situation {
  readonly stage: PolicyStage;
  readonly authenticated: boolean;
  /** The HTTP status, where only one is possible; `any` once there is a response. */
  readonly code: number | 'any' | undefined;
  readonly bodies: 'none' | 'request' | 'both';
}

const RECEIVED: Situation = { stage: 'RequestReceived', authenticated: true, code: undefined, bodies: 'none' };
const STARTED: Situation = { stage: 'ResponseStarted', authenticated: true, code: 'any', bodies: 'none' };
const COMPLETE: Situation = { stage: 'ResponseComplete', authenticated: true, code: 'any', bodies: 'both' };
const PANIC: Situation = { stage: 'Panic', authenticated: true, code: 500, bodies: 'request' };
const UNAUTHENTICATED: Situation = { stage: 'ResponseStarted', authenticated: false, code: 401, bodies: 'none' };

/** The situations of a kind of request: the regular ones first, then what is logged when something goes wrong. */
export function situationsOf(kind: RequestKind, received: boolean): readonly Situation[] {
  return [...regularSituations(kind, received), UNAUTHENTICATED, PANIC];
}

/** The situations of requests that are answered. */
export function regularSituations(kind: RequestKind, received: boolean): readonly Situation[] {
  const first = received ? [RECEIVED] : [];
  return [...first, ...(isLong(kind) ? [STARTED] : []), COMPLETE];
}

function isLong({ verb, subresource, isResource }: RequestKind): boolean {
  const objectRef = { resource: 'any', subresource: typeof subresource === 'string' ? subresource : '' };
  const event = { kind: 'Event', apiVersion: '', stage: '', verb: typeof verb === 'string' ? verb : '' } as const;
  return isLongRunning(isResource ? { ...event, objectRef } : event);
}

const VERBS_WITH_REQUEST_BODY: ReadonlySet<unknown> = new Set([
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
]);
const STREAMS: ReadonlySet<unknown> = new Set(['exec', 'attach', 'portforward', 'proxy']);

/** Whether kube-apiserver logs a body of such a request at a level: it logs none of streams, watches and other paths, and no request body of reads. */
export function hasBody(
  kind: RequestKind,
  body: 'request' | 'response',
  situation: Situation,
  level: AuditLevel,
): boolean {
  const { verb, subresource, isResource } = kind;
  if (!isResource || STREAMS.has(subresource) || verb === 'watch' || verb === 'proxy') return false;
  if (body === 'request')
    return situation.bodies !== 'none' && VERBS_WITH_REQUEST_BODY.has(verb) && isAtLeast(level, 'Request');
  return situation.bodies === 'both' && subresource !== 'log' && isAtLeast(level, 'RequestResponse');
}
