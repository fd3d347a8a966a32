/** The cluster that the demo plays in. */
export interface DemoCluster {
  /** Whom its users' actions are shown as, e.g. `alice`. */
  kubectl(args: readonly string[], options?: KubectlCall): Promise<KubectlOutcome>;
  /** Starts the operator as its ServiceAccount, from the sources of this checkout. */
  startOperator(): Promise<RunningOperator>;
  /** Of the API server: the log that the operator follows. */
  readonly auditLog: string;
  /** A command line that a person can copy to talk to the cluster. */
  readonly kubectlLine: string;
  /** Removes what the demo brought. */
  stop(): Promise<void>;
}

export interface KubectlCall {
  /** A user, or `system:serviceaccount:<namespace>:<name>`; the administrator by default. */
  readonly as?: string;
  readonly input?: string;
  readonly allowFailure?: boolean;
}

export interface KubectlOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningOperator {
  /** `http://127.0.0.1:PORT`, of probes and metrics. */
  readonly url: string;
}
