import type { Position } from '../audit/index.ts';

/** One request that matched a rule, reduced to what its Alert and its Event tell. */
export interface Hit {
  /** Where its audit event ends in the partition's log. */
  readonly position: Position;
  /** RFC 3339, by the API server's clock: when the request was received. */
  readonly time: string;
  readonly ruleHash: string;
  readonly auditID: string;
  readonly verb: string;
  readonly requestURI: string;
  /** Namespace and name, or name, of the object; empty where the request has none. */
  readonly object: string;
  readonly subresource: string;
  readonly sourceIP: string;
  readonly userAgent: string;
  readonly code: number | undefined;
  /** Namespace and name of the pod to which the actor's token was issued. */
  readonly pod: string | undefined;
  /** The bodies were cut off in the log and the rule tests them: it may or may not match (semantics 11). */
  readonly undetermined: boolean;
}
