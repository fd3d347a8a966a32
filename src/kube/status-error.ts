/** `metav1.Status`, what the API server answers instead of an object. */
export interface Status {
  readonly kind?: 'Status';
  readonly status?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: StatusDetails;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly retryAfterSeconds?: number;
  readonly causes?: readonly StatusCause[];
}

interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** What was asked, for the error's message. */
export interface RequestDescription {
  readonly method: string;
  readonly path: string;
}

/** The API server refused a request. `code` is the HTTP status, `reason` the machine-readable one of `metav1.Status`. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails;
  /** How long the server asks to wait, from the body or the `Retry-After` header. */
  readonly retryAfterSeconds: number | undefined;
  readonly request: RequestDescription;

  constructor(status: Status, request: RequestDescription, retryAfterSeconds?: number) {
    const code = status.code ?? 0;
    const reason = status.reason ?? reasonOf(code);
    super(`${request.method} ${request.path}: ${code} ${reason}: ${status.message ?? 'no message'}`);
    this.code = code;
    this.reason = reason;
    this.details = status.details ?? {};
    this.retryAfterSeconds = status.details?.retryAfterSeconds ?? retryAfterSeconds;
    this.request = request;
  }
}

/**
 * The API server could not be reached, did not answer in time, or broke off. Whether the request took effect is unknown.
 * `code` is the system's or undici's (`ECONNREFUSED`, `UND_ERR_SOCKET`, …), or one of `TIMEOUT`, `CREDENTIALS`, `MALFORMED`.
 */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly code: string;
  readonly request: RequestDescription;

  constructor(code: string, message: string, request: RequestDescription, cause?: unknown) {
    super(`${request.method} ${request.path}: ${message}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.request = request;
  }
}

/** Names for answers without a `metav1.Status` body: a proxy, an aggregated API server, a load balancer. */
function reasonOf(code: number): string {
  const reasons: Readonly<Record<number, string>> = {
    400: 'BadRequest',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'NotFound',
    405: 'MethodNotAllowed',
    406: 'NotAcceptable',
    409: 'Conflict',
    410: 'Gone',
    413: 'RequestEntityTooLarge',
    415: 'UnsupportedMediaType',
    422: 'Invalid',
    429: 'TooManyRequests',
    500: 'InternalError',
    503: 'ServiceUnavailable',
    504: 'Timeout',
  };
  return reasons[code] ?? 'Unknown';
}

const hasCode = (error: unknown, code: number): error is StatusError =>
  error instanceof StatusError && error.code === code;

const hasReason = (error: unknown, reason: string): error is StatusError =>
  error instanceof StatusError && error.reason === reason;

const hasCause = (error: unknown, reason: string): error is StatusError =>
  error instanceof StatusError && (error.details.causes ?? []).some((cause) => cause.reason === reason);

/** 404: no such object, or no such resource. */
export const isNotFound = (error: unknown): error is StatusError => hasCode(error, 404);

/** 409 on an existing object: it changed since it was read. */
export const isConflict = (error: unknown): error is StatusError =>
  hasCode(error, 409) && error.reason !== 'AlreadyExists';

/** 409 on a create: the name is taken. */
export const isAlreadyExists = (error: unknown): error is StatusError => hasReason(error, 'AlreadyExists');

/** 403. A terminating namespace answers with it too, see `isNamespaceTerminating`. */
export const isForbidden = (error: unknown): error is StatusError => hasCode(error, 403);

/** 401: the credentials are missing, wrong or expired. */
export const isUnauthorized = (error: unknown): error is StatusError => hasCode(error, 401);

/** 422: the object is not valid; `details.causes` says which fields. */
export const isInvalid = (error: unknown): error is StatusError => hasCode(error, 422);

/** 429: over a limit; see `retryAfterSeconds`. */
export const isTooManyRequests = (error: unknown): error is StatusError => hasCode(error, 429);

/** 410: the resource version or the continue token is older than what the server still has. */
export const isExpired = (error: unknown): error is StatusError => hasCode(error, 410) || hasReason(error, 'Expired');

/** The server that answered is behind the resource version that was asked for; it may catch up. */
export const isTooLargeResourceVersion = (error: unknown): error is StatusError =>
  hasCause(error, 'ResourceVersionTooLarge') ||
  (hasReason(error, 'Timeout') && error.message.includes('Too large resource version'));

/** A create was refused because its namespace is being deleted. */
export const isNamespaceTerminating = (error: unknown): error is StatusError => hasCause(error, 'NamespaceTerminating');

/** A create was refused because its namespace does not exist. */
export const isNamespaceMissing = (error: unknown): error is StatusError =>
  isNotFound(error) && error.details.kind === 'namespaces';

/** The API server is there but in no state to answer: 408, 429, and all 5xx. */
const isServerTrouble = (error: unknown): error is StatusError =>
  error instanceof StatusError && (error.code === 408 || error.code === 429 || error.code >= 500);

/** The same request may succeed later without anybody changing anything. */
export const isTransient = (error: unknown): boolean => error instanceof ConnectionError || isServerTrouble(error);
