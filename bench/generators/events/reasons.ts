import type { Random } from '../random.ts';
import type { User } from './users.ts';

const RBAC = (kind: string, b: string, role: string, subj: string): string =>
  `RBAC: allowed by ${kind} "${b}" of ${role} to ${subj}`;
/** Why the authorizer allows what a user does, in the words of RBAC. */
export function reasonFor({ chance }: Random, u: User): string {
  const n = u.username;
  if (n.startsWith('system:node:')) return '';
  if (n.startsWith('system:serviceaccount:')) {
    const [, , ns, s] = n.split(':');
    return ns === 'kube-system'
      ? RBAC(
          'ClusterRoleBinding',
          `system:controller:${s}`,
          `ClusterRole "system:controller:${s}"`,
          `ServiceAccount "${s}/${ns}"`,
        )
      : RBAC(
          chance(0.6) ? 'ClusterRoleBinding' : 'RoleBinding',
          `${s}-${ns}`,
          `ClusterRole "${s}"`,
          `ServiceAccount "${s}/${ns}"`,
        );
  }
  if (n === 'system:kube-scheduler' || n === 'system:kube-controller-manager')
    return RBAC('ClusterRoleBinding', n, `ClusterRole "${n}"`, `User "${n}"`);
  if (n.startsWith('oidc:'))
    return u.groups[1] === 'oidc:cluster-admins'
      ? RBAC('ClusterRoleBinding', 'oidc-cluster-admins', 'ClusterRole "cluster-admin"', 'Group "oidc:cluster-admins"')
      : RBAC('RoleBinding', 'developers-edit', 'ClusterRole "edit"', 'Group "oidc:developers"');
  if (n === 'system:anonymous')
    return RBAC(
      'ClusterRoleBinding',
      'system:public-info-viewer',
      'ClusterRole "system:public-info-viewer"',
      'Group "system:unauthenticated"',
    );
  return '';
}
