import type { FieldPath, FieldReference, PathSegment } from '../../sigma/index.ts';

/** What a request is told apart by: its verb, what its path names, and who sends it. */
export const DIMENSIONS = Object.freeze([
  'verb',
  'apiGroup',
  'resource',
  'subresource',
  'namespace',
  'username',
] as const);
export type Dimension = (typeof DIMENSIONS)[number];

/**
 * Where audit events have a field from, which says when it can be there:
 * `nowhere`: no audit event has it. A dimension, `stage`, `level`: known of each event. `objectRef`: the object itself, for every request about a resource.
 * `object`: more of it, for such requests. `user`: unless authentication failed. `impersonated`: once authorised to. `response`, `code`: from the response
 * on. `requestObject`, `responseObject`: at their levels. `body`: the one of the two that holds the object. `event`: may always be there.
 */
export type FieldSource =
  | Dimension
  | 'nowhere'
  | 'stage'
  | 'level'
  | 'objectRef'
  | 'object'
  | 'user'
  | 'impersonated'
  | 'response'
  | 'code'
  | 'requestObject'
  | 'responseObject'
  | 'body'
  | 'event';

/** A node of the shape of audit.k8s.io/v1 events: a leaf, or the named fields under it; `*` stands for every name. */
type Shape = FieldSource | { readonly self: FieldSource; readonly fields: Readonly<Record<string, Shape>> };

const USER = { username: 'user', uid: 'user', groups: 'user', extra: open('user') } satisfies Record<string, Shape>;

/** Events as kube-apiserver writes them (audit.k8s.io/v1, Event). */
const EVENT: Shape = {
  self: 'event',
  fields: {
    kind: 'event',
    apiVersion: 'event',
    level: 'level',
    auditID: 'event',
    stage: 'stage',
    requestURI: 'event',
    verb: 'verb',
    user: { self: 'user', fields: { ...USER, username: 'username' } },
    impersonatedUser: {
      self: 'impersonated',
      fields: { username: 'impersonated', uid: 'impersonated', groups: 'impersonated', extra: open('impersonated') },
    },
    authenticationMetadata: { self: 'impersonated', fields: { impersonationConstraint: 'impersonated' } },
    sourceIPs: 'event',
    userAgent: 'event',
    objectRef: {
      self: 'objectRef',
      fields: {
        resource: 'resource',
        namespace: 'namespace',
        name: 'object',
        uid: 'object',
        apiGroup: 'apiGroup',
        apiVersion: 'object',
        resourceVersion: 'object',
        subresource: 'subresource',
      },
    },
    responseStatus: {
      self: 'response',
      fields: {
        metadata: open('response'),
        status: 'response',
        message: 'response',
        reason: 'response',
        details: open('response'),
        code: 'code',
      },
    },
    requestObject: open('requestObject'),
    responseObject: open('responseObject'),
    requestReceivedTimestamp: 'event',
    stageTimestamp: 'event',
    annotations: { self: 'event', fields: { '*': 'event' } },
  },
};

/** Anything at any depth. */
function open(self: FieldSource): Shape {
  const shape = { self, fields: {} as Record<string, Shape> };
  shape.fields['*'] = shape;
  return shape;
}

/** Where a path has its value from. Names are exact; a number picks a member, whether or not the value is an array. */
function sourceOfPath({ root, segments }: FieldPath): FieldSource {
  if (root === 'body') return 'body';
  return follow(EVENT, segments);
}

function follow(shape: Shape, segments: readonly PathSegment[]): FieldSource {
  const [segment, ...rest] = segments;
  if (segment === undefined) return typeof shape === 'string' ? shape : shape.self;
  if (typeof segment === 'number') return follow(shape, rest);
  if (typeof shape === 'string') return 'nowhere';
  // Keys of open maps may hold dots: the longest literal key wins, and any run of names can be one.
  const any = shape.fields['*'];
  if (any !== undefined) return typeof any === 'string' ? any : any.self;
  const next = Object.hasOwn(shape.fields, segment) ? shape.fields[segment] : undefined;
  return next === undefined ? 'nowhere' : follow(next, rest);
}

/** The sources of the paths that are read for a field; `nowhere` is left out. Several kinds together can only be taken for `event`. */
export function sourceOfField(field: FieldReference): FieldSource {
  const sources = new Set([field.path, ...field.mapped].map(sourceOfPath));
  sources.delete('nowhere');
  const [only = 'nowhere'] = sources;
  return sources.size > 1 ? 'event' : only;
}
