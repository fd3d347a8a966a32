import { type Clock, ts } from './clock.ts';
import { reasonFor } from './reasons.ts';
import type { Texts } from './texts.ts';
import type { Actor, User } from './users.ts';

/** What a request is about, as in `objectRef`. */
export interface Target {
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly apiGroup?: string;
  readonly apiVersion?: string;
  readonly resourceVersion?: string;
  readonly subresource?: string;
}

/** A request, as far as it is not ordinary. */
export interface Request {
  readonly a: Actor;
  readonly verb: string;
  readonly ref?: Target;
  /** The URI names the collection, though `ref` has a name. */
  readonly collection?: boolean;
  /** The URI of what is no resource. */
  readonly nonres?: string;
  /** The query of the URI. */
  readonly q?: string;
  readonly code?: number;
  readonly level?: 'Metadata' | 'Request' | 'RequestResponse';
  readonly req?: object | undefined;
  readonly res?: object | undefined;
  readonly ann?: Readonly<Record<string, string>>;
  readonly watch?: boolean;
  readonly imp?: User;
}

/** Makes the events of a request: one for each stage that is logged. */
export type Requests = (request: Request) => void;

/** The share of requests whose policy rule does not omit RequestReceived. */
const RECEIVED_LOGGED = 0.25;
const REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  422: 'Invalid',
};

export function requests(texts: Texts, time: Clock, write: (event: object) => void): Requests {
  const { uuid, chance, int } = texts;
  return (r) => {
    time.advance();
    const id = uuid();
    const level = r.level ?? 'Metadata';
    const ref = r.ref && objectRef(r.ref);
    const code = r.code ?? (!r.watch && r.verb === 'create' ? 201 : 200);
    const base = {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level,
      auditID: id,
      stage: 'RequestReceived',
      requestURI: r.nonres ?? uri(ref, r),
      verb: r.verb,
      user: r.a.user,
      ...(r.imp && { impersonatedUser: r.imp }),
      sourceIPs: [r.a.ip],
      userAgent: r.a.ua,
      ...(ref && { objectRef: ref }),
    };
    const received = ts(time.now());
    if (chance(RECEIVED_LOGGED)) write({ ...base, requestReceivedTimestamp: received, stageTimestamp: received });
    const annotations = code === 401 ? undefined : { ...decision(texts, r, code), ...r.ann };
    if (r.watch) {
      const stage = (name: string, after: number): void =>
        write({
          ...base,
          stage: name,
          responseStatus: { metadata: {}, code: 200 },
          requestReceivedTimestamp: received,
          stageTimestamp: ts(time.now() + after),
          annotations,
        });
      stage('ResponseStarted', 400 + int(3000));
      if (chance(0.97)) stage('ResponseComplete', 300000000 + int(299000000));
      return;
    }
    write({
      ...base,
      stage: 'ResponseComplete',
      responseStatus: { metadata: {}, ...(code >= 400 && failure(r, ref, code)), code },
      ...(level !== 'Metadata' && code < 400 && r.req && { requestObject: r.req }),
      ...(level === 'RequestResponse' && code < 400 && r.res && { responseObject: r.res }),
      requestReceivedTimestamp: received,
      stageTimestamp: ts(time.now() + 900 + int(40000)),
      ...(annotations && { annotations }),
    });
  };
}

/** What is empty is left out; an apiVersion that goes without saying comes last. */
function objectRef(target: Target): Target {
  const { resource, namespace, name, uid, apiGroup, apiVersion, resourceVersion, subresource } = target;
  return {
    resource,
    ...(namespace && { namespace }),
    ...(name && { name }),
    ...(uid && { uid }),
    ...(apiGroup && { apiGroup }),
    ...(apiVersion && { apiVersion }),
    ...(resourceVersion && { resourceVersion }),
    ...(subresource && { subresource }),
    ...(!apiVersion && { apiVersion: 'v1' }),
  };
}

function uri(ref: Target | undefined, { q = '', collection }: Request): string {
  if (ref === undefined) return q;
  const base = ref.apiGroup ? `/apis/${ref.apiGroup}/${ref.apiVersion}` : `/api/${ref.apiVersion}`;
  const parts = [
    ref.namespace && `namespaces/${ref.namespace}`,
    ref.resource,
    collection ? undefined : ref.name,
    ref.subresource,
  ];
  return `${[base, ...parts.filter(Boolean)].join('/')}${q}`;
}

function decision(texts: Texts, r: Request, code: number): Readonly<Record<string, string>> {
  const forbidden = code === 403;
  return {
    'authorization.k8s.io/decision': forbidden ? 'forbid' : 'allow',
    'authorization.k8s.io/reason': forbidden ? '' : reasonFor(texts, r.a.user),
  };
}

function failure(r: Request, ref: Target | undefined, code: number): object {
  return {
    status: 'Failure',
    message: message(r, ref, code),
    reason: REASONS[code] ?? 'InternalError',
    ...(ref?.name && code !== 401 && { details: { name: ref.name, kind: ref.resource } }),
  };
}

function message({ a, verb }: Request, ref: Target | undefined, code: number): string {
  const object = `${ref?.resource} "${ref?.name}"`;
  const where = ref?.namespace ? ` in the namespace "${ref.namespace}"` : ' at the cluster scope';
  switch (code) {
    case 401:
      return 'Unauthorized';
    case 403:
      return `${ref?.resource ?? 'path'} is forbidden: User "${a.user.username}" cannot ${verb} resource "${ref?.resource ?? ''}" in API group "${ref?.apiGroup ?? ''}"${where}`;
    case 404:
      return `${object} not found`;
    case 409:
      return `Operation cannot be fulfilled on ${object}: the object has been modified; please apply your changes to the latest version and try again`;
    default:
      return 'error';
  }
}
