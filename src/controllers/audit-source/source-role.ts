import { join } from 'node:path';
import { parseDuration } from '../../alerts/index.ts';
import type { AuditSource } from '../../api/audit-source.generated.ts';
import type { SourceSpec } from '../../engine/index.ts';
import { startAt } from './start-at.ts';

/** What a replica reads of the AuditSources. */
export interface SourceRole {
  /** The second part of its partitions' names, and of its Lease's: stable, and no other replica's at the same time. */
  readonly node: string;
  /** Where the source's events come from; undefined where it is for others to read. */
  spec(source: AuditSource): SourceSpec | undefined;
}

/** There is one receiver for all AuditSources. */
const RECEIVER = 'receiver';

/** The log files of a node. */
export function fileRole(node: string): SourceRole {
  return {
    node,
    spec: ({ spec }) =>
      spec.file === undefined ? undefined : { kind: 'file', path: spec.file.path, startAt: startAt(spec.startAt) },
  };
}

export interface ReceiverRoleOptions {
  /** Where the journals are. */
  readonly journals: string;
  /** Holds a file of bearer tokens for each source, called as it is. */
  readonly tokensDir: string;
}

/** What is delivered to the receiver. */
export function receiverRole({ journals, tokensDir }: ReceiverRoleOptions): SourceRole {
  return {
    node: RECEIVER,
    spec: ({ metadata: { name }, spec: { webhook, backupFor } }) => {
      if (webhook === undefined) return undefined;
      const { format = 'Auto', acknowledge = 'Synced', clientNames, journal = {} } = webhook;
      const { maxBytes = DEFAULT_BYTES, maxAge = DEFAULT_AGE } = journal;
      return {
        kind: 'webhook',
        name,
        journals,
        limits: { bytes: maxBytes, age: parseDuration(maxAge) ?? Number.POSITIVE_INFINITY },
        format,
        tokenFile: join(tokensDir, name),
        clientNames,
        acknowledge,
        isBackup: backupFor !== undefined,
      };
    },
  };
}

/** As in the CRD. */
const DEFAULT_BYTES = 1024 ** 3;
const DEFAULT_AGE = '7d';

/** What a partition's positions are positions in: those in another log say nothing. */
export function logOf(spec: SourceSpec): string {
  return spec.kind === 'file' ? spec.path : 'webhook';
}
