// Generated from crds/detectionrules.yaml by `npm run generate`. Do not edit.
import type {ObjectMeta} from './object-meta.ts';

/**
 * DetectionRule is one Sigma rule that the operator runs on the audit logs of its AuditSources. Each group of matching requests becomes an Alert.
 */
export interface DetectionRule {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  /**
   * What to detect, and how to treat what is found.
   */
  spec: {
    /**
     * The Sigma rule, as YAML text, byte for byte as its author published it: with its title, id, author and references. One detection rule for `product: kubernetes`, `service: audit`, or one correlation, with the rules that it refers to beside it in the text or in other DetectionRules. Choices of your own stand beside it in this spec, never inside it, so that the text stays comparable with upstream. When a new text is refused, the last accepted one goes on running: see the Accepted condition.
     */
    sigma: string;
    /**
     * Enforce: matches become Alerts and Events. Off: the rule is still checked, and its conditions say whether it would be accepted, but it is not run.
     */
    mode?: 'Enforce' | 'Off';
    /**
     * The severity of the Alerts, where it should differ from the rule's own `level`. A rule without a level counts as medium.
     */
    severity?: 'informational' | 'low' | 'medium' | 'high' | 'critical';
    /**
     * Which outcomes of a request raise an Alert: Allowed (answered below 400), Denied (401, 403), Failed (any other 4xx or 5xx: it changed nothing), Unknown (no answer was logged). If absent: Allowed, Denied and Unknown, and Failed too where the rule itself tests `responseStatus`. Matches that are left out are counted in status.leftOut.
     *
     * @minItems 1
     * @maxItems 4
     */
    outcome?: ('Allowed' | 'Denied' | 'Failed' | 'Unknown')[];
    /**
     * Exclude: server-side dry runs (`kubectl diff`, `--dry-run=server`, previews of GitOps controllers) change nothing and raise no Alert; they are counted in status.leftOut. Include: treat them like any other request.
     */
    dryRun?: 'Exclude' | 'Include';
    /**
     * What the Alerts of this rule come with.
     */
    alert?: {
      /**
       * Which requests become one Alert: those that agree in all of these. Actor: who, and as whom. Operation: create, change, delete, read, connect. Outcome: Allowed, Denied, Failed. Resource: the kind of object. Namespace. Object: the object itself, and so its resource and namespace; Jobs that the CronJob controller makes count under their CronJob. An empty list makes one Alert of everything. If absent, what the operator was started with (`--alert-group-by`), and without that: all of them, but Object only for people; of service accounts and `system:` identities the objects are listed in the Alert.
       *
       * @maxItems 6
       */
      groupBy?: ('Actor' | 'Operation' | 'Outcome' | 'Resource' | 'Namespace' | 'Object')[];
      /**
       * For how long an Alert is kept after it last counted a request, e.g. `12h` or `30d`. If absent, what the operator was started with (`--alert-ttl`).
       */
      ttl?: string;
      /**
       * Object: for each Alert that is raised or counts on, a Kubernetes Event about the object that was touched, in its namespace (see `kubectl describe` of that object); about the Alert where no single object was. Rule: about this DetectionRule instead, in the namespace `default`, for those who look after rules and not for the owners of the objects. None: Alerts only. If absent, what the operator was started with (`--alert-events`, by default Object).
       */
      events?: 'Object' | 'Rule' | 'None';
    };
  };
  /**
   * Written by the operator. What became of the rule, and what it found.
   */
  status?: {
    /**
     * The generation of the spec that this status describes.
     */
    observedGeneration?: number;
    /**
     * Accepted: the rule was parsed and compiled; False names the error with its line, column and a caret. Ready: the newest version runs on every replica. Observable: the rule can fire on what the API server logs; False names why it cannot (another product, a verb that does not exist, fields that no audit event has), Unknown means that it depends on the audit policy; it never changes Ready. WithinBudget: what it finds gets Alerts of its own; False where there are too many already, and one Alert counts the rest. Stalled: the newest version was refused and the rule waits for a new text; where there is an earlier accepted version, that one goes on running.
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
    rule?: {
      /**
       * The rule's title.
       */
      title?: string;
      /**
       * The rule's id (a UUID).
       */
      id?: string;
      /**
       * The rule's maturity, as its author states it.
       */
      status?: string;
      /**
       * The rule's own level.
       */
      level?: string;
      /**
       * Who wrote the rule.
       */
      author?: string;
      /**
       * The rule's licence, where it states one.
       */
      license?: string;
      /**
       * The rule's tags, e.g. `attack.persistence`.
       *
       * @maxItems 64
       */
      tags?: string[];
    };
    /**
     * The requests that the rule can match, by verb and resource, in short.
     *
     * @maxItems 16
     */
    watches?: string[];
    /**
     * The audit level from which on these requests are logged with what the rule tests.
     */
    level?: string;
    /**
     * The severity that its Alerts carry: spec.severity, else the rule's level.
     */
    severity?: string;
    /**
     * What a reviewer would remark about the rule: it is accepted all the same. `sigma-operator lint` prints the same findings with their place in the text.
     *
     * @maxItems 16
     */
    findings?: {
      /**
       * The finding's code, as in the reference of findings.
       */
      code: string;
      /**
       * How much it matters.
       */
      severity?: string;
      /**
       * The line in spec.sigma, counted from 1.
       */
      line?: number;
      /**
       * The column in spec.sigma, counted from 1.
       */
      column?: number;
      /**
       * What was found.
       */
      message: string;
      /**
       * What to do about it.
       */
      remedy?: string;
    }[];
    /**
     * Alerts of the rule that there are now, but for the one that counts what found no room: see the condition WithinBudget.
     */
    alerts?: number;
    /**
     * Requests that the rule matched and that were counted in Alerts.
     */
    matches?: number;
    /**
     * When the last of these requests was made, by the API server's clock.
     */
    lastMatch?: string;
    /**
     * Requests that matched the rule's condition and raised no Alert, by cause.
     */
    leftOut?: {
      /**
       * Left out by their outcome: by default, requests that failed (404, 409, 422, …).
       */
      outcome?: number;
      /**
       * Server-side dry runs.
       */
      dryRun?: number;
      /**
       * Left out by a DetectionFilter: see its status.hidden.
       */
      filter?: number;
    };
  };
}
