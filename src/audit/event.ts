/**
 * One audit event of a Kubernetes API server: `Event` of the group `audit.k8s.io` (v1, and the older versions, whose
 * fields are the same). Each field says whose word it is: the *server's* (kube-apiserver computed it) or the
 * *caller's* (the client chose it freely, and may lie, pad it or repeat it).
 *
 * Every field that an API server, an audit policy or a truncating backend may leave out is optional. `decodeAuditLine`
 * guarantees the types of the fields that are present, and nothing about what stands inside bodies.
 */
export interface AuditEvent {
  readonly kind: 'Event';
  /** `audit.k8s.io/v1`. */
  readonly apiVersion: string;
  /** The server's: how much the audit policy logs of this request. */
  readonly level?: AuditLevel | (string & {});
  /** The caller's where it sent an `Audit-ID` header: any text of any length, also one that was used before. */
  readonly auditID?: string;
  /** The server's. One request is logged once per stage that it reaches and that the policy does not omit. */
  readonly stage: AuditStage | (string & {});
  /** The caller's: the path and the query as they were sent. */
  readonly requestURI?: string;
  /** The server's: the Kubernetes verb, or the HTTP method in lower case where the path is no resource. */
  readonly verb: string;
  /** The server's: who authenticated. Without a `username` nobody did (a 401). */
  readonly user?: UserInfo;
  /** The server's: as whom `user` acts, once it was authorised to. */
  readonly impersonatedUser?: UserInfo;
  readonly authenticationMetadata?: { readonly impersonationConstraint?: string };
  /** The caller's (`X-Forwarded-For`, `X-Real-Ip`), except for the last entry, which is the server's peer. */
  readonly sourceIPs?: readonly string[];
  /** The caller's. */
  readonly userAgent?: string;
  /** The server's reading of the path. */
  readonly objectRef?: ObjectReference;
  /** The server's. */
  readonly responseStatus?: ResponseStatus;
  /** The caller's body: the object, `DeleteOptions`, or on `patch` the patch itself. From level `Request` on. */
  readonly requestObject?: unknown;
  /** The server's answer. At level `RequestResponse`. */
  readonly responseObject?: unknown;
  /** The server's: RFC 3339 with microseconds. */
  readonly requestReceivedTimestamp?: string;
  /** The server's: RFC 3339 with microseconds. */
  readonly stageTimestamp?: string;
  /** The server's and its admission plugins'. */
  readonly annotations?: Readonly<Record<string, string>>;
}

type AuditLevel = 'None' | 'Metadata' | 'Request' | 'RequestResponse';

export type AuditStage = 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete' | 'Panic';

export interface UserInfo {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export interface ObjectReference {
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly apiGroup?: string;
  readonly apiVersion?: string;
  readonly resourceVersion?: string;
  readonly subresource?: string;
}

interface ResponseStatus {
  readonly status?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: unknown;
  readonly metadata?: unknown;
}
