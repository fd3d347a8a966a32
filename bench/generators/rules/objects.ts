import { TEAMS } from '../teams.ts';
import { type Items, type Shape, selection } from './detection.ts';
import { HOT, RES, SUB, VERBS, WV } from './names.ts';

/** What is done to a resource. */
export const EXACT: Shape = {
  weight: 26,
  name: 'exact',
  detection: ({ chance, pick, some, ns }) => {
    const [resource, group] = pick(RES);
    const apiGroup = group !== '' && chance(0.6) ? { 'objectRef.apiGroup': group } : {};
    const another = (): readonly string[] => [...new Set([resource, pick(RES)[0]])];
    const resources = chance(0.6) || another().length === 1 ? resource : another();
    const verb = some(VERBS, 1, 4);
    const inNamespace = chance(0.6) || HOT.has(resource) || Array.isArray(resources);
    return selection({
      ...apiGroup,
      'objectRef.resource': resources,
      verb,
      ...(inNamespace && { 'objectRef.namespace': ns() }),
      ...(chance(0.3) && { 'objectRef.subresource': pick(SUB) }),
    });
  },
};

/** What is done to a resource, but not by those who always do so. */
export const FILTER: Shape = {
  weight: 12,
  name: 'filter',
  detection: ({ chance, pick, some, ns }) => {
    const [resource] = pick(RES);
    const verb = some(WV, 1, 3);
    const inNamespace = chance(0.5) || HOT.has(resource);
    const selected = { verb, 'objectRef.resource': resource, ...(inNamespace && { 'objectRef.namespace': ns() }) };
    const controllers = chance(0.6);
    const gitops = chance(0.4);
    return {
      selections: {
        selection: selected,
        filter_main_system: { 'user.username|startswith': ['system:node:', 'system:kube-', 'system:apiserver'] },
        ...(controllers && { filter_main_controllers: CONTROLLERS }),
        ...(gitops && { filter_optional_gitops: GITOPS }),
      },
      condition: `selection and not 1 of filter_main_*${gitops ? ' and not 1 of filter_optional_*' : ''}`,
    };
  },
};

const CONTROLLERS: Items = {
  'user.username|startswith': 'system:serviceaccount:kube-system:',
  'userAgent|contains': 'kube-controller-manager',
};

const GITOPS: Items = {
  'user.username': [
    'system:serviceaccount:argocd:argocd-application-controller',
    'system:serviceaccount:flux-system:kustomize-controller',
  ],
};

/** Names with wildcards. */
export const WILD: Shape = {
  weight: 3,
  name: 'wild',
  detection: ({ int, pick, some }) =>
    selection({
      'objectRef.namespace': pick(['*-prod', '*-staging', 'kube-*', `tenant-${int(40)}*`, `tenant-${int(40)}*`]),
      'objectRef.name': pick(['debug-*', '*backdoor*', 'xmrig-*', `*-nightly-${int(99)}*`, `app-${int(99)}-?`]),
      verb: some(VERBS, 1, 3),
    }),
};

const HOST_PATHS = ['/', '/etc/kubernetes', '/var/run/docker.sock', '/var/log', '/proc', '/root'];

/** What stands in a body. */
export const BODY: Shape = {
  weight: 4,
  name: 'body',
  detection: ({ int, pick, some, ns }) =>
    selection(
      pick<() => Items>([
        () => ({
          verb: 'create',
          'objectRef.resource': 'pods',
          'requestObject.spec.containers.securityContext.privileged': true,
          'objectRef.namespace': ns(),
        }),
        () => ({
          verb: some(WV, 1, 2),
          'requestObject.roleRef.name': pick(['cluster-admin', 'admin', 'edit', `role-${int(50)}`]),
        }),
        () => ({
          'objectRef.resource': 'pods',
          'requestObject.spec.containers.image|contains': pick([
            'xmrig',
            'kube-proxy',
            'istio/proxyv2',
            ...TEAMS.map((team) => `${team}-prod/`),
          ]),
          'user.username|startswith': 'oidc:',
        }),
        () => ({
          'objectRef.resource': 'pods',
          verb: 'create',
          'requestObject.spec.volumes.hostPath.path': some(HOST_PATHS, 1, 3),
          'objectRef.namespace': ns(),
        }),
      ])(),
    ),
};
