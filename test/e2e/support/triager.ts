/** Has the role detections-triager, and no other: may do nothing but work through Alerts. */
export const TRIAGER = 'tina';

export const TRIAGER_BINDING = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: e2e-triagers}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: detections-triager}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: ${TRIAGER}}]
`;
