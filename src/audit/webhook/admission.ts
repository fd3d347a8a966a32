import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { BearerTokens } from './bearer-tokens.ts';
import { Rejected } from './rejection.ts';

/** Who may deliver to an AuditSource. Where nothing is given, nobody may. */
export interface Credentials {
  readonly tokens: BearerTokens | undefined;
  /** Whether a client certificate of the receiver's client CA will do. */
  readonly certificates: boolean;
  /** Which ones: their common names. Any where it is absent. */
  readonly clientNames?: readonly string[] | undefined;
}

/** Where a delivery goes, by its path. */
export interface Destination {
  /** `audit`: one EventList of kube-apiserver's webhook. `events`: what forwarders send, in any of the formats. */
  readonly kind: 'audit' | 'events';
  readonly source: string;
  /** Which API server sends it; '' where the path does not say. */
  readonly origin: string;
}

const NAME = '[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?';
const PATH = new RegExp(`^/(audit|events)/(${NAME})(?:/(${NAME}))?/?$`);
/** kube-apiserver's client says how long it will wait. */
const QUERY = /^(?:timeout=[0-9a-z.]{1,16})?$/;

/** Reads the request line; whether the source exists is not looked at. Throws `Rejected`. */
export function destination({ url = '', method }: Pick<IncomingMessage, 'url' | 'method'>): Destination {
  const at = url.indexOf('?');
  const [path, query] = at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
  const [, kind, source, origin = ''] = PATH.exec(path) ?? [];
  if (source === undefined || (kind !== 'audit' && kind !== 'events')) throw new Rejected('unknown-path');
  if (method !== 'POST') throw new Rejected('method');
  if (!QUERY.test(query)) throw new Rejected('query');
  return { kind, source, origin };
}

/** Throws `Rejected`. */
export function authenticate(request: IncomingMessage, credentials: Credentials): void {
  const { tokens, certificates, clientNames } = credentials;
  if (tokens?.admits(request.headers.authorization) === true) return;
  const { socket } = request;
  if (!certificates || !(socket instanceof TLSSocket) || !socket.authorized) throw new Rejected('unauthenticated');
  if (clientNames === undefined) return;
  const name: unknown = socket.getPeerCertificate().subject?.CN;
  if (typeof name !== 'string' || !clientNames.includes(name)) throw new Rejected('unauthenticated');
}
