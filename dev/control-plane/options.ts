import type { OnBuildProgress } from '../go-tools/index.ts';
import type { AuditOptions } from './audit-options.ts';
import type { Binaries } from './binaries.ts';
import type { User } from './users.ts';

/** Everything is optional: the defaults give RBAC, the user `admin`, an audit log and a controller manager. */
export interface ControlPlaneOptions {
  /** Default: what `findOrBuildBinaries` finds or builds. */
  readonly binaries?: Binaries;
  /** Called while binaries are built, which may take minutes the first time. */
  readonly onBuildProgress?: OnBuildProgress;
  /** Users besides `admin`, with static tokens. They may do nothing until RBAC says so. */
  readonly users?: readonly User[];
  readonly audit?: AuditOptions;
  /** Flags for kube-apiserver, as on its command line; they win over ours. */
  readonly apiServerFlags?: readonly string[];
  /** Whether CronJobs create Jobs, namespaces get their ServiceAccount, … Default: true. */
  readonly controllerManager?: boolean;
  /** Flags for kube-controller-manager, as on its command line; they win over ours. */
  readonly controllerManagerFlags?: readonly string[];
  /** Chooses free ports of 127.0.0.1; asked again when one turns out to be taken. Default: by chance. */
  readonly choosePorts?: (count: number) => Promise<readonly number[]>;
  /** How the temporary directory's name begins. */
  readonly directoryPrefix?: string;
  /** Time for the whole start, and for each later start of the API server. Default: 120 s. */
  readonly startTimeoutMs?: number;
  /** Called with a line for people at each step of the start. */
  readonly onStep?: (text: string) => void;
  /** Called when a component ends that nobody stopped, after the start. */
  readonly onUnexpectedExit?: (exit: UnexpectedExit) => void;
}

/** A component that ended by itself. */
export interface UnexpectedExit {
  readonly component: string;
  /** How it ended, and the end of its log. */
  readonly message: string;
}

/** What a later start of the API server does differently from the one before. */
export interface ApiServerChanges {
  /** Merged over the audit options so far. The directory of the log stays. */
  readonly audit?: Omit<AuditOptions, 'directory'>;
  /** Replace the `apiServerFlags` so far. */
  readonly flags?: readonly string[];
}

/** How the API server is stopped. */
export interface ApiServerStop {
  /** SIGTERM (default) lets it finish requests and write out audit batches; SIGKILL is a crash. */
  readonly signal?: 'SIGTERM' | 'SIGKILL';
}

/** Who talks to the API server: a user by name, or whomever a bearer token stands for. */
export type Identity = string | { readonly token: string };

export interface KubectlOptions {
  /** Default: `admin`. */
  readonly as?: Identity;
  /** Standard input. */
  readonly input?: string;
  /** Added to the environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Resolve whatever the exit code is, instead of rejecting with KubectlFailed. */
  readonly allowFailure?: boolean;
  /** Ends the command and rejects. */
  readonly signal?: AbortSignal;
}
