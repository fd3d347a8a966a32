import type { AlertChoices, Budget, Retention } from '../alerts/index.ts';
import type { KubeConfigSource } from '../kube/index.ts';
import type { ListenAddress } from './http-server.ts';
import type { LogFormat, LogLevel } from './log-options.ts';

/** Where audit webhooks deliver to, and how they are told from others. */
export interface WebhookOptions {
  readonly listen: ListenAddress;
  /** PEM. */
  readonly certFile: string;
  /** PEM. */
  readonly keyFile: string;
  /** PEM: who signs the certificates of those who may deliver. */
  readonly clientCaFile: string | undefined;
  /** Holds a file of bearer tokens for each AuditSource, called as it is. */
  readonly tokensDir: string;
}

/** How one replica of the operator runs. */
export interface OperatorOptions {
  readonly kube: KubeConfigSource;
  /** Of the operator's Leases. */
  readonly namespace: string;
  /** Whose audit logs this replica follows. Part of stored positions: it must not change across restarts. */
  readonly nodeName: string;
  /** Unique among all replicas. */
  readonly replicaName: string;
  /** See `holderIdentity`. */
  readonly podUid: string | undefined;
  /** Where positions are stored. */
  readonly stateDir: string;
  readonly listen: ListenAddress;
  /** Given, this replica takes what is delivered to AuditSources, and follows no files. */
  readonly webhook: WebhookOptions | undefined;
  /** Resources, as `plural.group`, whose uid is looked up for Events. */
  readonly lookUp: readonly string[];
  /** Name of the ConfigMap, in the operator's namespace, with the placeholders of rules. */
  readonly placeholders: string;
  readonly alertBudget: Budget;
  /** Of this replica, for Alerts and their statuses together. */
  readonly alertWritesPerSecond: number;
  readonly alertRetention: Retention;
  /** For rules that do not say. */
  readonly alertDefaults: AlertChoices;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly version: string;
}
