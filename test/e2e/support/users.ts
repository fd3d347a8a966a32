import type { User } from '../../../dev/control-plane/index.ts';

/** People of the tests, besides `admin`. carol may do nothing. */
export const USERS: readonly User[] = [
  { name: 'alice', groups: ['developers'] },
  { name: 'bob', groups: ['developers'] },
  { name: 'carol' },
];

/** What they may do, and a ServiceAccount `default/robot` that may do nothing. */
export const USER_MANIFESTS = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: e2e-developer}
rules:
  - apiGroups: [batch]
    resources: ['*']
    verbs: ['*']
  - apiGroups: ['', events.k8s.io]
    resources: [configmaps, events]
    verbs: ['*']
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: e2e-developers}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: e2e-developer}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: e2e-impersonator}
rules:
  - apiGroups: ['']
    resources: [users]
    verbs: [impersonate]
    resourceNames: [bob]
  - apiGroups: ['']
    resources: [groups]
    verbs: [impersonate]
    resourceNames: [developers]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: e2e-impersonators}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: e2e-impersonator}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: alice}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: default}
`;
