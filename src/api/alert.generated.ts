// Generated from crds/alerts.yaml by `npm run generate`. Do not edit.
import type {ObjectMeta} from './object-meta.ts';

/**
 * Alert is what a DetectionRule found: matching requests that agree in who did what to what, counted. It outlives the rule that raised it. What callers chose (names, clients, URIs) is shown with control characters escaped, and cut where it is long.
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
     * What happened, in a sentence.
     */
    summary: string;
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
       * Why it matters, in the words of its author.
       */
      description?: string;
      /**
       * Tactics and techniques of MITRE ATT&CK that the rule detects, with their ids.
       *
       * @maxItems 16
       */
      attack?: string[];
      /**
       * What may make it a false positive, in its author's words.
       *
       * @maxItems 8
       */
      falsePositives?: string[];
      /**
       * Where the rule's author says more.
       *
       * @maxItems 8
       */
      references?: string[];
      /**
       * The rule's tags that are not of ATT&CK.
       *
       * @maxItems 16
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
     * Who made the requests: the authenticated user name; `(unauthenticated)` where authentication failed; `(any)` where the group spans all actors: see status.actors.
     */
    actor: string;
    /**
     * As whom the actor made them (`kubectl --as`), if as anybody else.
     */
    impersonated?: string;
    /**
     * What kind of requests: create; change (update, patch); delete (delete, deletecollection); read; connect (exec, attach, port-forward, proxy); other; any where the group spans all.
     */
    operation: 'create' | 'change' | 'delete' | 'read' | 'connect' | 'other' | 'any';
    /**
     * Allowed (below 400), Denied (401, 403), Failed (other 4xx, 5xx), Unknown (no answer logged), Any where the group spans all.
     */
    outcome: 'Allowed' | 'Denied' | 'Failed' | 'Unknown' | 'Any';
    /**
     * On what, in words: `cronjobs.batch shop/nightly`; `jobs.batch shop/*` where the group spans the objects of a namespace, which are in status.objects.
     */
    target: string;
    /**
     * On what. Parts that the group spans over, or that there are none of, are absent. By default, of people the object; of service accounts and `system:` identities the kind of object and the namespace.
     */
    targetRef: {
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
       * Of Jobs that the CronJob controller made, where groups are by object: the CronJob under which they count.
       */
      cronJob?: string;
      /**
       * Request path, of requests that are not about a resource.
       */
      path?: string;
    };
    /**
     * The Alert counts what found no room in Alerts of their own: see the budget in status of the DetectionRule.
     */
    overflow?: boolean;
    /**
     * Of a correlation, which is about several requests together: the values in which they agree, by the field.
     */
    correlated?: {
      [k: string]: string;
    };
    /**
     * What to look at next, as commands. Left out where a name is not safe to copy into a shell.
     *
     * @maxItems 8
     */
    whatNext?: string[];
  };
  /**
   * What people make of it; the operator never writes it. What it amounts to is in status.state. Whoever changes it states who they are, and cannot state anybody else: the ValidatingAdmissionPolicy that comes with the operator compares `by` with the requester.
   */
  triage?: {
    /**
     * Open: nobody has dealt with it. Acknowledged: somebody has seen it. Resolved: it is dealt with; should it happen again, status.state reads Reopened. FalsePositive: it is nothing, now and whenever it happens again. Acknowledged and false positive Alerts count on without Events.
     */
    state: 'Open' | 'Acknowledged' | 'Resolved' | 'FalsePositive';
    /**
     * Who says so, by the user name that the API server knows them under.
     */
    by: string;
    /**
     * Who deals with it.
     */
    assignee?: string;
    /**
     * Why, and what was done.
     */
    comment?: string;
  };
  /**
   * Written by the operator. How often, when, from where. The numbers behind values count requests; where there are more values than are listed, the busiest ones are, with what is certain of them, and `unlisted` tells how many requests are left over.
   */
  status?: {
    /**
     * Requests counted, each once.
     */
    count?: number;
    /**
     * What triage and the requests since amount to: Open, Acknowledged, Resolved, FalsePositive; Reopened where it was resolved and a later request matched.
     */
    state?: 'Open' | 'Acknowledged' | 'Resolved' | 'FalsePositive' | 'Reopened';
    /**
     * When `triage` last changed, by the API server's clock.
     */
    triagedAt?: string;
    /**
     * The generation, and with it the `triage`, that state and triagedAt speak of.
     */
    observedGeneration?: number;
    /**
     * When the first of them was received, by the API server's clock.
     */
    firstSeen?: string;
    /**
     * When the last of them was received, by the API server's clock.
     */
    lastSeen?: string;
    /**
     * From where and with which client, in words that fit a column: the most frequent ones, and how many more there are.
     */
    from?: string;
    /**
     * How many of them may or may not match, because their bodies were cut off in the log and the rule tests the body: by the API server (`audit.k8s.io/truncated`), or because the event is over 16 MiB. `evidence` says which tests that leaves open, `samples` which requests.
     */
    undetermined?: number;
    /**
     * How many of them were server-side dry runs, which changed nothing (`spec.dryRun: Include`).
     */
    dryRuns?: number;
    /**
     * Who made them, where the group spans actors.
     */
    actors?: {
      [k: string]: number;
    };
    /**
     * As whom, where the group spans actors and some impersonated others.
     */
    identities?: {
      [k: string]: number;
    };
    /**
     * The objects touched.
     */
    objects?: {
      [k: string]: number;
    };
    /**
     * The verbs of the requests.
     */
    verbs?: {
      [k: string]: number;
    };
    /**
     * The subresources touched, e.g. `status`; absent where only the object itself was.
     */
    subresources?: {
      [k: string]: number;
    };
    /**
     * Where the requests came from, by the address that the API server itself saw.
     */
    addresses?: {
      [k: string]: number;
    };
    /**
     * With which client: the caller's own word, not evidence.
     */
    clients?: {
      [k: string]: number;
    };
    /**
     * Pods to which the actor's service account tokens were issued, as namespace/name.
     */
    pods?: {
      [k: string]: number;
    };
    /**
     * HTTP status codes of the answers.
     */
    responseCodes?: {
      [k: string]: number;
    };
    /**
     * SHA-256 of the Sigma texts that matched; more than one where the rule changed meanwhile.
     */
    ruleHashes?: {
      [k: string]: number;
    };
    /**
     * By the name of the field: requests of which it is not known which value they had, because it was given up for a busier one.
     */
    unlisted?: {
      [k: string]: number;
    };
    /**
     * For the operator's own use: by how much the numbers of a field may be too low, in the order of the sorted values.
     */
    margins?: {
      [k: string]: string;
    };
    /**
     * The rule's predicates that the first request met, with its values. Bodies of secrets and tokens are withheld.
     *
     * @maxItems 16
     */
    evidence?: string[];
    /**
     * The first requests and the last one, in short.
     *
     * @maxItems 4
     */
    samples?: {
      /**
       * When the API server received the request.
       */
      at?: string;
      /**
       * The audit ID under which it stands in the log; the caller can choose it.
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
       * The request's URI.
       */
      requestURI?: string;
      /**
       * HTTP status code of the answer.
       */
      code?: number;
      /**
       * The address that the API server itself saw.
       */
      from?: string;
      /**
       * The caller's own word for the client.
       */
      client?: string;
      /**
       * The pod to which the actor's service account token was issued.
       */
      pod?: string;
      /**
       * Its bodies were cut off in the log, so that it may or may not match.
       */
      undetermined?: boolean;
    }[];
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
