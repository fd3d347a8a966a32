import type { ApiRequest } from '../../../dev/control-plane/index.ts';
import type { PolicyResource } from '../../../src/catalog/index.ts';

/** A request, and what its audit event must say of it. */
export interface AuditedRequest extends ApiRequest {
  readonly verb: string;
  readonly resource?: PolicyResource;
  /** How it authenticates: as its user, not at all, or with a token that nobody has. */
  readonly credentials: 'user' | 'none' | 'wrong';
}

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { key: 'value' } };

type Shape = readonly [
  method: NonNullable<ApiRequest['method']>,
  path: string,
  verb: string,
  /** Group, resource, subresource, namespace, name. */
  resource?: readonly [string, string, string, string, string] | undefined,
  body?: unknown,
];

/** Existing and missing objects, in and outside of namespaces, of known and unknown groups, and other paths. */
const SHAPES: readonly Shape[] = [
  ['GET', '/api/v1/namespaces/default/configmaps/a', 'get', ['', 'configmaps', '', 'default', 'a']],
  ['GET', '/api/v1/namespaces/default/configmaps', 'list', ['', 'configmaps', '', 'default', '']],
  ['GET', '/api/v1/configmaps', 'list', ['', 'configmaps', '', '', '']],
  [
    'GET',
    '/api/v1/namespaces/default/configmaps?watch=1&timeoutSeconds=1',
    'watch',
    ['', 'configmaps', '', 'default', ''],
  ],
  ['POST', '/api/v1/namespaces/default/configmaps', 'create', ['', 'configmaps', '', 'default', ''], CONFIG_MAP],
  [
    'PATCH',
    '/api/v1/namespaces/default/configmaps/a',
    'patch',
    ['', 'configmaps', '', 'default', 'a'],
    { data: { b: '1' } },
  ],
  ['PUT', '/api/v1/namespaces/default/configmaps/a', 'update', ['', 'configmaps', '', 'default', 'a'], CONFIG_MAP],
  ['DELETE', '/api/v1/namespaces/default/configmaps/b', 'delete', ['', 'configmaps', '', 'default', 'b']],
  [
    'DELETE',
    '/api/v1/namespaces/kube-system/configmaps?labelSelector=no%3Dsuch',
    'deletecollection',
    ['', 'configmaps', '', 'kube-system', ''],
  ],
  ['GET', '/api/v1/namespaces/kube-system/pods/a', 'get', ['', 'pods', '', 'kube-system', 'a']],
  ['GET', '/api/v1/namespaces/kube-system/pods/a/log', 'get', ['', 'pods', 'log', 'kube-system', 'a']],
  ['GET', '/api/v1/namespaces/default/pods/b/status', 'get', ['', 'pods', 'status', 'default', 'b']],
  ['POST', '/api/v1/namespaces/default/pods/b/exec?command=id', 'create', ['', 'pods', 'exec', 'default', 'b']],
  ['GET', '/api/v1/namespaces/default/pods?fieldSelector=metadata.name%3Da', 'list', ['', 'pods', '', 'default', 'a']],
  ['GET', '/api/v1/nodes/a', 'get', ['', 'nodes', '', '', 'a']],
  ['GET', '/api/v1/namespaces/default', 'get', ['', 'namespaces', '', 'default', 'default']],
  ['GET', '/api/v1/namespaces/default/status', 'get', ['', 'namespaces', 'status', 'default', 'default']],
  ['GET', '/api/v1/namespaces', 'list', ['', 'namespaces', '', '', '']],
  ['GET', '/apis/batch/v1/namespaces/default/cronjobs', 'list', ['batch', 'cronjobs', '', 'default', '']],
  [
    'PATCH',
    '/apis/batch/v1/namespaces/default/cronjobs/a/status',
    'patch',
    ['batch', 'cronjobs', 'status', 'default', 'a'],
    {},
  ],
  ['DELETE', '/apis/batch/v1/namespaces/default/jobs/b', 'delete', ['batch', 'jobs', '', 'default', 'b']],
  [
    'GET',
    '/apis/no.such/v1/namespaces/default/widgets/a/status',
    'get',
    ['no.such', 'widgets', 'status', 'default', 'a'],
  ],
  [
    'POST',
    '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    'create',
    ['authorization.k8s.io', 'selfsubjectrulesreviews', '', '', ''],
    { spec: { namespace: 'default' } },
  ],
  ['GET', '/healthz', 'get'],
  ['GET', '/healthz/ping', 'get'],
  ['GET', '/version?a=b', 'get'],
  ['GET', '/apis/batch/v1', 'get'],
  ['POST', '/no/such/path', 'post', undefined, {}],
];

const USERS = ['admin', 'alice', 'bob'];

/** Every shape once as somebody, in turn; some of them also without credentials or with wrong ones. */
export function auditedRequests(): readonly AuditedRequest[] {
  const requests = SHAPES.flatMap((shape, i) => [
    requestOf(shape, USERS[i % USERS.length] ?? 'admin', 'user'),
    requestOf(shape, USERS[(i + 1) % USERS.length] ?? 'admin', 'user'),
  ]);
  const anonymous = SHAPES.filter((_, i) => i % 4 === 0).map((shape) => requestOf(shape, 'system:anonymous', 'none'));
  const unauthenticated = SHAPES.filter((_, i) => i % 4 === 2).map((shape) => requestOf(shape, '', 'wrong'));
  return [...requests, ...anonymous, ...unauthenticated];
}

function requestOf(
  [method, path, verb, names, body]: Shape,
  as: string,
  credentials: AuditedRequest['credentials'],
): AuditedRequest {
  const [apiGroup = '', resource = '', subresource = '', namespace = '', name = ''] = names ?? [];
  return {
    method,
    path,
    as,
    verb,
    credentials,
    ...(body === undefined ? {} : { body }),
    ...(names === undefined ? {} : { resource: { apiGroup, resource, subresource, namespace, name } }),
  };
}

/** The groups of a user, as kube-apiserver knows them. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  admin: ['system:masters', 'system:authenticated'],
  alice: ['developers', 'system:authenticated'],
  bob: ['people', 'system:authenticated'],
  'system:anonymous': ['system:unauthenticated'],
};
