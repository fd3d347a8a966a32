// Generated from crds/alerts.yaml by `npm run generate`. Do not edit.
import type {ObjectMeta} from './object-meta.ts';

/**
 * Alert is what a DetectionRule found: all matching requests of one actor that do the same to the same target, counted. It outlives the rule that raised it.
 */
export interface Alert {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  /**
   * Which rule matched, who did what to what. Written once, never changed.
   */
  finding: {
    /**
     * The rule, as it was when the Alert was raised.
     */
    rule: {
      /**
       * Name of the DetectionRule.
       */
      name: string;
      /**
       * The Sigma rule's id.
       */
      id?: string;
      /**
       * The Sigma rule's title.
       */
      title: string;
      /**
       * The Sigma rule's own level.
       */
      level?: string;
      /**
       * Who wrote the rule.
       */
      author?: string;
      /**
       * Where the rule's author says more.
       *
       * @maxItems 32
       */
      references?: string[];
      /**
       * The rule's tags, e.g. MITRE ATT&CK tactics and techniques.
       *
       * @maxItems 64
       */
      tags?: string[];
    };
    /**
     * How bad it is, by the rule or by the DetectionRule's severity.
     */
    severity: 'informational' | 'low' | 'medium' | 'high' | 'critical';
    /**
     * The cluster, as the AuditSource names it.
     */
    cluster?: string;
    /**
     * Who made the requests: the authenticated user name, or `(unauthenticated)` where authentication failed.
     */
    actor: string;
    /**
     * As whom the actor made them (`kubectl --as`), if as anybody else.
     */
    impersonated?: string;
    /**
     * What kind of requests: create; change (update, patch); delete (delete, deletecollection); read; connect (exec, attach, port-forward, proxy); other.
     */
    operation: 'create' | 'change' | 'delete' | 'read' | 'connect' | 'other';
    /**
     * Allowed (below 400), Denied (401, 403), Failed (other 4xx, 5xx), Unknown (no answer logged).
     */
    outcome: 'Allowed' | 'Denied' | 'Failed' | 'Unknown';
    /**
     * On what. Of people, the object; of service accounts and `system:` identities, the kind of object and the namespace, with the objects' names in status.objects.
     */
    target: {
      /**
       * API group of the resource; absent for the core group.
       */
      apiGroup?: string;
      /**
       * Resource, plural and lower case.
       */
      resource?: string;
      /**
       * Namespace, where the resource has one.
       */
      namespace?: string;
      /**
       * Name of the object. Ends in `*` where only the prefix is known from which the API server generates a name.
       */
      name?: string;
      /**
       * Request path, of requests that are not about a resource.
       */
      path?: string;
    };
    /**
     * The finding in words that fit a column.
     */
    display: {
      /**
       * Resource and object, e.g. `cronjobs.batch default/nightly`.
       */
      target: string;
      /**
       * Actor and, where one was impersonated, as whom: `alice as bob`.
       */
      actor: string;
    };
  };
  /**
   * Written by the operator. How often, when, from where.
   */
  status?: {
    /**
     * Requests counted, each once.
     */
    count?: number;
    /**
     * When the first of them was received, by the API server's clock.
     */
    firstSeen?: string;
    /**
     * When the last of them was received, by the API server's clock.
     */
    lastSeen?: string;
    /**
     * How many of them may or may not match, because their bodies were cut off in the log and the rule tests the body.
     */
    undetermined?: number;
    /**
     * The objects touched.
     */
    objects?: {
      /**
       * Value and count, in the order in which they were first seen.
       *
       * @maxItems 32
       */
      values: {
        /**
         * The value, with control characters escaped, cut where it is too long.
         */
        value: string;
        /**
         * Requests with this value.
         */
        count: number;
      }[];
      /**
       * Requests with values that found no room in the list.
       */
      overflow?: number;
    };
    /**
     * The verbs of the requests.
     */
    verbs?: {
      /**
       * Value and count, in the order in which they were first seen.
       *
       * @maxItems 32
       */
      values: {
        /**
         * The value, with control characters escaped, cut where it is too long.
         */
        value: string;
        /**
         * Requests with this value.
         */
        count: number;
      }[];
      /**
       * Requests with values that found no room in the list.
       */
      overflow?: number;
    };
    /**
     * The subresources touched, e.g. `status`; absent where only the object itself was.
     */
    subresources?: {
      /**
       * Value and count, in the order in which they were first seen.
       *
       * @maxItems 32
       */
      values: {
        /**
         * The value, with control characters escaped, cut where it is too long.
         */
        value: string;
        /**
         * Requests with this value.
         */
        count: number;
      }[];
      /**
       * Requests with values that found no room in the list.
       */
      overflow?: number;
    };
    /**
     * Where the requests came from: the address that the API server itself saw.
     */
    sourceIPs?: {
      /**
       * Value and count, in the order in which they were first seen.
       *
       * @maxItems 32
       */
      values: {
        /**
         * The value, with control characters escaped, cut where it is too long.
         */
        value: string;
        /**
         * Requests with this value.
         */
        count: number;
      }[];
      /**
       * Requests with values that found no room in the list.
       */
      overflow?: number;
    };
    /**
     * With which client: the caller's own word, not evidence.
     */
    userAgents?: {
      /**
       * Value and count, in the order in which they were first seen.
       *
       * @maxItems 32
       */
      values: {
        /**
         * The value, with control characters escaped, cut where it is too long.
         */
        value: string;
        /**
         * Requests with this value.
         */
        count: number;
      }[];
      /**
       * Requests with values that found no room in the list.
       */
      overflow?: number;
    };
    /**
     * HTTP status codes of the answers.
     */
    responseCodes?: {
      /**
       * Value and count, in the order in which they were first seen.
       *
       * @maxItems 32
       */
      values: {
        /**
         * The value, with control characters escaped, cut where it is too long.
         */
        value: string;
        /**
         * Requests with this value.
         */
        count: number;
      }[];
      /**
       * Requests with values that found no room in the list.
       */
      overflow?: number;
    };
    /**
     * SHA-256 of the Sigma texts that matched: more than one where the rule changed meanwhile.
     */
    ruleHashes?: {
      /**
       * Value and count, in the order in which they were first seen.
       *
       * @maxItems 32
       */
      values: {
        /**
         * The value, with control characters escaped, cut where it is too long.
         */
        value: string;
        /**
         * Requests with this value.
         */
        count: number;
      }[];
      /**
       * Requests with values that found no room in the list.
       */
      overflow?: number;
    };
    /**
     * The first requests and the last one, in short.
     *
     * @maxItems 4
     */
    samples?: {
      /**
       * When the API server received the request.
       */
      time?: string;
      /**
       * The audit ID under which it stands in the log, cut where it is too long; the caller can choose it.
       */
      auditID?: string;
      /**
       * The request's verb.
       */
      verb?: string;
      /**
       * Resource, subresource, namespace and name.
       */
      object?: string;
      /**
       * The request's URI, cut where it is too long.
       */
      requestURI?: string;
      /**
       * HTTP status code of the answer.
       */
      code?: number;
      /**
       * The address that the API server itself saw.
       */
      sourceIP?: string;
      /**
       * The caller's own word for the client.
       */
      userAgent?: string;
      /**
       * The pod to which the actor's service account token was issued.
       */
      pod?: string;
    }[];
    /**
     * The status in words that fit a column.
     */
    display?: {
      /**
       * The first source address, and how many more there are: `10.0.0.7 (+2)`.
       */
      sourceIPs?: string;
      /**
       * The first user agent, and how many more there are.
       */
      userAgents?: string;
    };
    /**
     * How far each part of the log was counted in this Alert: written together with the count, so that no request counts twice.
     *
     * @maxItems 64
     */
    partitions?: {
      /**
       * AuditSource and node.
       */
      name: string;
      /**
       * Position of the last request counted.
       */
      position: string;
      /**
       * Requests counted from it.
       */
      count: number;
    }[];
  };
}
