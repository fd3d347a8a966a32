// Generated from crds/detectionfilters.yaml by `npm run generate`. Do not edit.
import type {ObjectMeta} from './object-meta.ts';

/**
 * DetectionFilter is one Sigma filter that the operator applies to the DetectionRules that it names: requests that it leaves out raise no Alert. They are counted and sampled in its status, so that one can look at what it hides.
 */
export interface DetectionFilter {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  /**
   * What to leave out, who answers for it, and until when.
   */
  spec: {
    /**
     * The Sigma filter, as YAML text: one document with `filter`, which names the rules that it applies to (`rules`: ids or names of Sigma rules, names of DetectionRules, or `any`), selections, and a condition. A request stays where the condition holds; to leave out what is selected write `condition: not selection`. When a new text is refused, the last accepted one goes on: see the Accepted condition.
     */
    sigma: string;
    /**
     * What the filter does to a request that none of its selections matches. Remove: it stays. KeepOnly: it is left out, and everything else that no selection matches: such a filter can silence a rule. A filter that does something else than is said here is refused.
     */
    effect?: 'Remove' | 'KeepOnly';
    /**
     * Who answers for the filter, e.g. a team or its address.
     */
    owner: string;
    /**
     * Why what it leaves out is no cause for an Alert.
     */
    reason: string;
    /**
     * Requests that the API server receives from this time on are no longer left out. A week before, the condition ExpiresSoon says so. If absent, the filter stays until it is deleted.
     */
    expiresAt?: string;
  };
  /**
   * Written by the operator. What became of the filter, and what it hides.
   */
  status?: {
    /**
     * The generation of the spec that this status describes.
     */
    observedGeneration?: number;
    /**
     * Accepted: the filter was parsed and compiled; False names the error with its line, column and a caret. Ready: the newest version runs on every replica. Stalled: the newest version was refused and the filter waits for a new text; where there is an earlier accepted version, that one goes on. Effective: it has left out requests; False with the reason NeverMatched, NoRules (none of the rules that it names is there), Expired or Refused. ExpiresSoon: it expires within a week. Expired: it leaves out nothing any more.
     *
     * @maxItems 8
     */
    conditions?: {
      /**
       * What the condition is about.
       */
      type: string;
      /**
       * True, False or Unknown.
       */
      status: 'True' | 'False' | 'Unknown';
      /**
       * The generation of the spec that the condition describes.
       */
      observedGeneration?: number;
      /**
       * When `status` last changed.
       */
      lastTransitionTime: string;
      /**
       * The cause, in one word, for programs.
       */
      reason: string;
      /**
       * The cause, in words, for people.
       */
      message: string;
    }[];
    /**
     * The version that runs: the newest one that was accepted. Replicas that start while the newest version is refused run this one.
     */
    accepted?: {
      /**
       * metadata.generation of the version that runs.
       */
      generation: number;
      /**
       * SHA-256 of its Sigma text, in hexadecimal.
       */
      hash: string;
      /**
       * Its Sigma text.
       */
      sigma: string;
    };
    /**
     * On how many of the operator's replicas the accepted version runs.
     */
    replicas?: {
      /**
       * Replicas that run this version.
       */
      running: number;
      /**
       * Replicas of the operator that are alive.
       */
      total: number;
    };
    /**
     * What was read from the Sigma text of the accepted version.
     */
    filter?: {
      /**
       * The filter's title.
       */
      title?: string;
      /**
       * The filter's id (a UUID).
       */
      id?: string;
      /**
       * Who wrote the filter.
       */
      author?: string;
    };
    /**
     * The rules that the filter applies to.
     */
    rules?: {
      /**
       * How many there are.
       */
      count: number;
      /**
       * The first of them, by the names of their DetectionRules; of a rule inside a correlation, the correlation's and its own.
       *
       * @maxItems 32
       */
      names?: string[];
      /**
       * What the filter names and no rule that runs goes by. A correlation has no events of its own: a filter has to name the rules that it is based on.
       *
       * @maxItems 16
       */
      unknown?: string[];
    };
    /**
     * Requests that would have been counted in Alerts, and were left out by this filter. Each once.
     */
    suppressed?: number;
    /**
     * When the last of these requests was made, by the API server's clock.
     */
    lastSuppressed?: string;
    /**
     * How many of them by rule; of the busiest rules.
     */
    byRule?: {
      [k: string]: number;
    };
    /**
     * What was left out: who did what to which kind of object, how often, and the last time in short. The busiest ones; requests that are not accounted for are counted in status.unlisted.
     *
     * @maxItems 16
     */
    hidden?: {
      /**
       * Actor (and as whom), verb, resource and subresource.
       */
      request: string;
      /**
       * How many such requests, at least.
       */
      count: number;
      /**
       * The last of them.
       */
      last?: {
        /**
         * When the API server received it.
         */
        at?: string;
        /**
         * The rule that it matched.
         */
        rule?: string;
        /**
         * By which to find it in the audit log.
         */
        auditID?: string;
        /**
         * The object that was touched.
         */
        object?: string;
        /**
         * How the API server answered.
         */
        code?: number;
        /**
         * The address from which the request reached the API server.
         */
        from?: string;
        /**
         * The client's own name for itself.
         */
        client?: string;
      };
    }[];
    /**
     * Requests that were left out and are not accounted for in status.hidden.
     */
    unlisted?: number;
  };
}
