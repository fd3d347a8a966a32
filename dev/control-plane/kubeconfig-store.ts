import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ControlPlaneError } from './control-plane-error.ts';
import { kubeconfigText } from './kubeconfig.ts';
import type { Layout } from './layout.ts';
import type { Identity } from './options.ts';
import type { UserWithToken } from './users.ts';

/** Kubeconfig files of one control plane, one per identity. */
export class KubeconfigStore {
  readonly #layout: Layout;
  readonly #server: string;
  readonly #users: ReadonlyMap<string, UserWithToken>;
  readonly #paths = new Map<string, string>();

  constructor(layout: Layout, server: string, users: ReadonlyMap<string, UserWithToken>) {
    this.#layout = layout;
    this.#server = server;
    this.#users = users;
  }

  /** The token of a user. Throws UnknownUser. */
  token(name: string): string {
    const user = this.#users.get(name);
    if (user === undefined) {
      const known = [...this.#users.keys()].join(', ');
      throw new ControlPlaneError(
        'UnknownUser',
        `There is no user "${name}".`,
        `Add it to the option users (now: ${known}).`,
      );
    }
    return user.token;
  }

  /** The path of a kubeconfig file for `identity`, written at the first call. */
  path(identity: Identity): string {
    const [user, token] = typeof identity === 'string' ? [identity, this.token(identity)] : ['bearer', identity.token];
    const name = fileName(user, token);
    const known = this.#paths.get(name);
    if (known !== undefined) {
      return known;
    }
    const path = join(this.#layout.kubeconfigs, name);
    const certificateAuthority = readFileSync(this.#layout.certificateAuthority, 'utf8');
    writeFileSync(path, kubeconfigText({ server: this.#server, certificateAuthority, user, token }), { mode: 0o600 });
    this.#paths.set(name, path);
    return path;
  }
}

/** Readable, and different for different identities, whatever is in a user's name. */
function fileName(user: string, token: string): string {
  const digest = createHash('sha256').update(`${user}\0${token}`).digest('hex').slice(0, 8);
  return `${user.replaceAll(/[^\w.-]/g, '-').slice(0, 60)}-${digest}.kubeconfig`;
}
