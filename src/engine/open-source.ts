import { join } from 'node:path';
import {
  type AuditFormat,
  BackupSource,
  directoryFiles,
  FileSource,
  type JournalBounds,
  type LineDecoder,
  type Source,
  type SourceCheckpoint,
  WebhookSource,
  type WebhookSourceOptions,
} from '../audit/index.ts';

/** Where a partition's events come from. Plain data. */
export type SourceSpec = FileSpec | WebhookSpec;

/** The log of a kube-apiserver on this machine, with its backups. */
export interface FileSpec {
  readonly kind: 'file';
  readonly path: string;
  readonly startAt: 'End' | 'Beginning' | Date;
}

/** What is delivered to the engine's receiver, by way of a journal. */
export interface WebhookSpec {
  readonly kind: 'webhook';
  /** The AuditSource's. */
  readonly name: string;
  /** Where the journals are; this one is in the folder of the source's name. */
  readonly journals: string;
  readonly limits: JournalBounds;
  readonly format: AuditFormat;
  /** Bearer tokens; it need not exist. */
  readonly tokenFile: string;
  /** Common names of client certificates; any without. */
  readonly clientNames?: readonly string[] | undefined;
  readonly acknowledge: 'Synced' | 'Consumed';
  /** Whether it counts only what another source lacks: see `PartitionReader.setPrimaries`. */
  readonly isBackup: boolean;
}

export interface OpenSourceOptions {
  readonly resume: SourceCheckpoint | undefined;
  readonly decode: LineDecoder;
  /** Of the receiver; none while the engine does not listen. */
  readonly intakes: () => WebhookSourceOptions['intakes'] | undefined;
}

/** Throws for a webhook while the engine does not listen. */
export function openSource(spec: SourceSpec, { resume, decode, intakes: find }: OpenSourceOptions): Source {
  if (spec.kind === 'file') {
    const { path, startAt } = spec;
    return new FileSource({ path, startAt, resume, decode });
  }
  const { kind: _, journals, isBackup, ...options } = spec;
  const intakes = find();
  if (intakes === undefined) throw new Error(`no audit webhooks are received, and ${spec.name} is one`);
  const source = new WebhookSource({
    ...options,
    intakes,
    files: directoryFiles(join(journals, spec.name)),
    resume,
    decode,
  });
  return isBackup ? new BackupSource(source) : source;
}
