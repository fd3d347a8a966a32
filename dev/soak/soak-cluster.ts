import type { KubectlCall, KubectlOutcome } from '../demo/demo-cluster.ts';

/** What a soak needs of a cluster on which the operator runs. */
export interface SoakCluster {
  /** As a user, or as `system:serviceaccount:<namespace>:<name>`; the administrator by default. */
  kubectl(args: readonly string[], options?: KubectlCall): Promise<KubectlOutcome>;
  /** Of the API server: the log that the operator follows. */
  readonly auditLog: string;
}

export interface SoakOptions {
  readonly minutes: number;
  /** How many CronJobs run every minute. */
  readonly cronJobs: number;
  /** With the filter that the base applies: it leaves out what Kubernetes' own controllers do. Otherwise it is taken away first. */
  readonly filtered: boolean;
  readonly say: (text: string) => void;
}
