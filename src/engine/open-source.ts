import { FileSource, type LineDecoder, type Source, type SourceCheckpoint } from '../audit/index.ts';

/** Where a partition's events come from. Plain data. */
export type SourceSpec = FileSpec;

/** The log of a kube-apiserver on this machine, with its backups. */
export interface FileSpec {
  readonly kind: 'file';
  readonly path: string;
  readonly startAt: 'End' | 'Beginning' | Date;
}

export function openSource(spec: SourceSpec, resume: SourceCheckpoint | undefined, decode: LineDecoder): Source {
  const { path, startAt } = spec;
  return new FileSource({ path, startAt, resume, decode });
}
