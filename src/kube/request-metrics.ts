/** One finished request to the API server, for metrics such as `rest_client_requests_total`. */
export interface FinishedRequest {
  /** `GET`, `POST`, … */
  readonly method: string;
  /** The HTTP status, or `<error>` where there was none (client-go's label value). */
  readonly code: string;
  /** From sending to the end of the body; for watches to the first byte of the answer. */
  readonly milliseconds: number;
}

/** Hears about every attempt, retries included. Must not throw. */
export interface RequestMetrics {
  requestFinished(request: FinishedRequest): void;
}
