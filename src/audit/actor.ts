import type { AuditEvent, UserInfo } from './event.ts';

/** Stands for the username of a request that nobody authenticated (401). Tell it from a user of that name by the kind. */
const UNAUTHENTICATED = '(unauthenticated)';

/** Who made a request, by the server's word. */
export interface Actor {
  /** Of whoever authenticated; `(unauthenticated)` where nobody did. */
  readonly username: string;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
  readonly kind: ActorKind;
  /** As whom `username` acted, where it impersonated. */
  readonly impersonated: ImpersonatedIdentity | undefined;
  /** The pod that a service account's token is bound to. */
  readonly pod: BoundObject | undefined;
  /** The node that this pod runs on, or that the token is bound to. */
  readonly node: BoundObject | undefined;
  /** Identifies the credential (a token's `jti`, a certificate's fingerprint). */
  readonly credentialID: string | undefined;
}

/** `System` is any other `system:` identity, `system:anonymous` excepted. */
type ActorKind = 'User' | 'ServiceAccount' | 'Node' | 'System' | 'Anonymous' | 'Unauthenticated';

interface ImpersonatedIdentity {
  readonly username: string;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
}

interface BoundObject {
  readonly name: string;
  readonly uid: string | undefined;
}

/** Keys of `user.extra` that kube-apiserver sets from a service account token. */
const EXTRA = 'authentication.kubernetes.io/';

/** The actor of a request: who acted, and as whom. */
export function actor(event: AuditEvent): Actor {
  const user = event.user;
  const username = user?.username || UNAUTHENTICATED;
  return {
    username,
    uid: user?.uid,
    groups: user?.groups ?? [],
    kind: user?.username ? actorKind(user.username) : 'Unauthenticated',
    impersonated: impersonated(event.impersonatedUser),
    pod: boundObject(user, 'pod'),
    node: boundObject(user, 'node'),
    credentialID: user?.extra?.[`${EXTRA}credential-id`]?.[0],
  };
}

function actorKind(username: string): ActorKind {
  if (!username.startsWith('system:')) return 'User';
  if (username === 'system:anonymous') return 'Anonymous';
  if (username.startsWith('system:serviceaccount:')) return 'ServiceAccount';
  return username.startsWith('system:node:') ? 'Node' : 'System';
}

function impersonated(user: UserInfo | undefined): ImpersonatedIdentity | undefined {
  if (user === undefined) return undefined;
  return { username: user.username ?? '', uid: user.uid, groups: user.groups ?? [] };
}

function boundObject(user: UserInfo | undefined, what: 'pod' | 'node'): BoundObject | undefined {
  const name = user?.extra?.[`${EXTRA}${what}-name`]?.[0];
  return name === undefined ? undefined : { name, uid: user?.extra?.[`${EXTRA}${what}-uid`]?.[0] };
}
