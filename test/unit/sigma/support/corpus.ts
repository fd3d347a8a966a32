import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const DATA = new URL('../../../data/sigma/', import.meta.url);

/** The records of a file of JSON lines, gzipped or not; the caller knows their type. */
// oxlint-disable-next-line no-unnecessary-type-parameters -- JSON has the type that its reader says
export function readRecords<T>(name: string): readonly T[] {
  const bytes = readFileSync(new URL(name, DATA));
  const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): T => JSON.parse(line));
}

export interface CorpusRule {
  readonly path: string;
  readonly text: string;
}

export function readCorpus(): readonly CorpusRule[] {
  return readRecords<CorpusRule>('sigmahq-rules.jsonl.gz');
}

/** The source of one of the sixteen public rules for kubernetes/audit. */
export function readKubernetesRule(name: string): string {
  return readFileSync(new URL(`kubernetes-rules/kubernetes_audit_${name}.yml`, DATA), 'utf8');
}
