/** Why a request is not taken: what it is answered with, and what whoever sent it should do. */
export const REJECTIONS = Object.freeze({
  /** No AuditSource of this name takes deliveries. */
  'unknown-path': 404,
  /** Only POST is taken. */
  method: 405,
  /** There is something else in the query than `timeout`, which kube-apiserver adds: a token does not belong there. */
  query: 400,
  /** Neither a token nor a client certificate that is known. */
  unauthenticated: 401,
  /** Compressed with something else than gzip. */
  encoding: 415,
  /** The body is not JSON, or breaks off. */
  malformed: 400,
  /** The body comes too slowly, or does not end. */
  slow: 408,
  /** The connection broke. There is nobody to answer. */
  aborted: 400,
  /** Too many deliveries at the same time. */
  busy: 429,
  /** The journal is full: what is in it has to be evaluated first. */
  full: 429,
  /** The journal cannot be written. */
  failed: 503,
  /** What was delivered was not evaluated in time. It will be recognised. */
  'not-consumed': 503,
  /** The receiver is being closed. */
  closing: 503,
  /** A fault of this program. */
  internal: 500,
} as const);

export type RejectionReason = keyof typeof REJECTIONS;

/** Seconds after which kube-apiserver's client tries again, by itself, within the same attempt to deliver a batch. */
const RETRY_AFTER: Readonly<Partial<Record<RejectionReason, number>>> = Object.freeze({
  busy: 1,
  full: 5,
  failed: 5,
  'not-consumed': 1,
  closing: 5,
});

/** A request that is not taken. Its message is the reason: it holds nothing of what was sent. */
export class Rejected extends Error {
  readonly reason: RejectionReason;

  constructor(reason: RejectionReason, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'Rejected';
    this.reason = reason;
  }
}

export function retryAfter(reason: RejectionReason): number | undefined {
  return RETRY_AFTER[reason];
}
