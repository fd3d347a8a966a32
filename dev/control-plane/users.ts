import { randomBytes } from 'node:crypto';
import { ControlPlaneError } from './control-plane-error.ts';

/** A user of the control plane, authenticated by a static bearer token. */
export interface User {
  readonly name: string;
  readonly groups?: readonly string[];
  /** Default: a random one. */
  readonly token?: string;
}

export interface UserWithToken {
  readonly name: string;
  readonly groups: readonly string[];
  readonly token: string;
}

/** In `system:masters`: may do everything. Always there. */
export const ADMIN = 'admin';
/** The launcher's own probes; the default audit policy leaves them out. */
export const LAUNCHER = 'sigma-operator:control-plane-launcher';
export const CONTROLLER_MANAGER = 'system:kube-controller-manager';

/** The users asked for and the built-in ones, each with a token. Throws InvalidUser on a name that is taken or empty. */
export function withTokens(users: readonly User[]): ReadonlyMap<string, UserWithToken> {
  const builtIn: readonly User[] = [
    { name: ADMIN, groups: ['system:masters'] },
    { name: LAUNCHER, groups: ['system:masters'] },
    { name: CONTROLLER_MANAGER },
  ];
  const all = new Map<string, UserWithToken>();
  for (const { name, groups = [], token = randomBytes(16).toString('hex') } of [...builtIn, ...users]) {
    if (name === '' || all.has(name)) {
      throw new ControlPlaneError('InvalidUser', `User name "${name}" is empty or taken.`, 'Choose another name.');
    }
    if (/[\r\n]/.test([name, token, ...groups].join(''))) {
      throw new ControlPlaneError('InvalidUser', `User "${name}" contains a line break.`, 'Leave it out.');
    }
    all.set(name, { name, groups, token });
  }
  return all;
}

/** The content of `--token-auth-file`: CSV of token, user name, uid, and the groups in one quoted column. */
export function tokenFile(users: Iterable<UserWithToken>): string {
  return [...users].map(({ name, groups, token }) => `${csvRow([token, name, name, groups.join(',')])}\n`).join('');
}

function csvRow(cells: readonly string[]): string {
  return cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
}
