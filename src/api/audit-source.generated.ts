// Generated from crds/auditsources.yaml by `npm run generate`. Do not edit.
import type {ObjectMeta} from './object-meta.ts';

/**
 * AuditSource is an audit log that the operator reads. With `file`: on every node on which it runs, the file that the kube-apiserver of this node writes (`--audit-log-path`). With `webhook`: what API servers, or forwarders, deliver to the operator's receiver.
 */
export interface AuditSource {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  /**
   * Where the log is, and from where on to read it.
   */
  spec: {
    /**
     * The AuditSource, one with `file`, that carries the same requests, and counts them. This one counts only what falls into recorded gaps of that one, and waits where it is not known yet whether that one has it.
     */
    backupFor?: string;
    /**
     * The cluster's name, as it shall stand on Alerts. Requests of sources with different names are never grouped into one Alert. Changing it starts new Alerts.
     */
    cluster?: string;
    /**
     * Follow a file in kube-apiserver's JSON format, across its rotations.
     */
    file?: {
      /**
       * The absolute path of the audit log, as kube-apiserver's `--audit-log-path` names it. Mount its directory, not the file: rotation replaces the file. Rotated backups beside it (`audit-<time>.log`, with or without `.gz`) are read too, where they hold events that were not read yet.
       */
      path: string;
    };
    /**
     * The API server's audit policy, as YAML text (`audit.k8s.io/v1` Policy), where it is known. It changes nothing about what is read; with it the Observable condition of each DetectionRule says whether the rule can fire on what is logged.
     */
    policy?: string;
    /**
     * Where to begin when a node's log is followed for the first time. End: with what is logged from now on. Beginning: with the oldest backup that is still there. Or a time (RFC 3339): with the first request logged at or after it. Later the operator always goes on where it stopped.
     */
    startAt?: string;
    /**
     * Take what kube-apiserver's audit webhook delivers to the receiver at `/audit/<name>`, or a forwarder at `/events/<name>`, where `<name>` is this AuditSource's. `sigma-operator webhook-config` prints what kube-apiserver needs.
     */
    webhook?: {
      /**
       * When a delivery is acknowledged. Synced: when it is safe in the receiver's journal. Consumed: when its Alerts are written as well, for a journal on a volume that does not outlive the pod.
       */
      acknowledge?: 'Synced' | 'Consumed';
      /**
       * Common names of the client certificates that may deliver. Without it, any certificate of the receiver's client CA may; if that is the cluster's own CA, this is every node.
       *
       * @minItems 1
       * @maxItems 16
       */
      clientNames?: string[];
      /**
       * The shape of what comes to `/events/<name>`: see docs/reference/formats.md. Auto recognises all of them. What comes to `/audit/<name>` is always Kubernetes.
       */
      format?: 'Auto' | 'Kubernetes' | 'EKS' | 'AKS' | 'GKE';
      /**
       * What the receiver keeps on its volume of this source.
       */
      journal?: {
        /**
         * What is older is removed from the journal, whether it was evaluated or not; if not, that is a gap. A duration like 90m, 24h or 7d.
         */
        maxAge?: string;
        /**
         * The size of the journal. When what was not evaluated takes all of it, deliveries are refused (429), and API servers deliver again later.
         */
        maxBytes?: number;
      };
    };
  };
  /**
   * Written by the operator.
   */
  status?: {
    /**
     * The generation of the spec that this status describes.
     */
    observedGeneration?: number;
    /**
     * Ready: at least one replica reads the log, and none fails to. Receiving: no API server that used to log has been silent for 10 minutes. Complete: everything that was logged in the last 7 days was read and understood; False says how many lines were not, or which parts had been removed before they were read. PolicyRead, where `spec.policy` is given: it can be read. PolicyMatches: nothing that was observed contradicts it.
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
     * Audit events read, over all nodes.
     */
    events?: number;
    /**
     * Time of the newest event read, by the API server's clock.
     */
    lastEvent?: string;
    /**
     * At which audit levels requests were logged, over all nodes, in the last one to two days. Requests that failed do not count. Of a log that is read faster than it is written only a part is looked at; what is not here may be logged nevertheless.
     */
    observed?: {
      /**
       * Nothing that was logged before counts.
       */
      since?: string;
      /**
       * The resources that requests were made to, the first of them in order.
       *
       * @maxItems 128
       */
      resources?: {
        /**
         * As kubectl writes it, such as `cronjobs.batch/status`; `/` for paths that are no resource.
         */
        resource: string;
        /**
         * Verbs that were logged at level Metadata.
         *
         * @maxItems 16
         */
        metadata?: string[];
        /**
         * Verbs that were logged at level Request.
         *
         * @maxItems 16
         */
        request?: string[];
        /**
         * Verbs that were logged at level RequestResponse.
         *
         * @maxItems 16
         */
        requestResponse?: string[];
        /**
         * Verbs whose requests have a body that was never there, although the level logs it; something on the way strips it.
         *
         * @maxItems 16
         */
        withoutBodies?: string[];
      }[];
      /**
       * Further resources that were observed.
       */
      unlisted?: number;
    };
    /**
     * Operations that are logged otherwise than `spec.policy` says. At most 32 are listed.
     *
     * @maxItems 32
     */
    policyDifferences?: {
      /**
       * Verb and resource.
       */
      operation: string;
      /**
       * The levels at which it was logged.
       */
      observed: string;
      /**
       * The levels at which the policy may log it, depending on who asks.
       */
      policy: string;
    }[];
    /**
     * Per node, or of the receiver: how far its log was read and counted.
     *
     * @maxItems 64
     */
    partitions?: {
      /**
       * The node whose log this is; `receiver` for what is delivered to the webhook.
       */
      node: string;
      /**
       * The replica (pod) that reads it.
       */
      replica?: string;
      /**
       * Waiting: the file does not exist yet, or nothing was delivered yet. Draining: reading what was written before. Following: at the end, reading what comes. Failed: see message.
       */
      state?: 'Waiting' | 'Following' | 'Draining' | 'Failed';
      /**
       * What keeps it from being read.
       */
      message?: string;
      /**
       * How far events were counted: `<generation>:<offset>`, the generation of the file (grows with each rotation) and the uncompressed byte offset in it.
       */
      position?: string;
      /**
       * Bytes written to the log, or to the journal, and not yet read.
       */
      lagBytes?: number;
      /**
       * How old the newest event that was counted is, while there is more to read; 0 while there is not.
       */
      lagSeconds?: number;
      /**
       * Audit events read in the last minute.
       */
      eventsPerMinute?: number;
      /**
       * Audit events read.
       */
      events?: number;
      /**
       * Time of the newest event read, by the API server's clock.
       */
      lastEvent?: string;
      /**
       * Lines that could not be read as audit events, by cause.
       */
      unreadable?: {
        [k: string]: number;
      };
      /**
       * Events over 16 MiB, read without their bodies.
       */
      oversize?: number;
      /**
       * Parts of the log, or of the journal, that were removed before they were read.
       */
      gaps?: number;
      /**
       * What is known of the last gap.
       */
      lastGap?: string;
      /**
       * When it was found.
       */
      lastGapAt?: string;
      /**
       * When a line was found that could not be read.
       */
      lastUnreadableAt?: string;
      /**
       * Of a webhook, since the receiver started: events that were delivered again, and are in the journal once.
       */
      duplicates?: number;
      /**
       * Of a webhook, since the receiver started: deliveries that were refused, by reason (see docs/receive-by-webhook.md).
       */
      rejected?: {
        [k: string]: number;
      };
      /**
       * Of a webhook: why deliveries are refused at present. full: the journal holds as much as it may that was not evaluated yet. failed: the volume cannot be written. closed: the receiver ends.
       */
      refusing?: 'full' | 'failed' | 'closed';
    }[];
  };
}
