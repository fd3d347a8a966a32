import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const root = join(import.meta.dirname, '..');

/** A set of rules to measure with: their texts by a name. */
export interface RuleTexts {
  readonly title: string;
  readonly texts: () => readonly string[];
}

const corpus = (): readonly string[] =>
  gunzipSync(readFileSync(join(root, 'test/data/sigma/sigmahq-rules.jsonl.gz')))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): { path: string; text: string } => JSON.parse(line))
    .filter(({ path }) => path.startsWith('rules'))
    .map(({ text }) => text);

const folder = (path: string): readonly string[] =>
  readdirSync(path)
    .filter((file) => file.endsWith('.yml'))
    .map((file) => readFileSync(join(path, file), 'utf8'));

/** @param generated the folder of the generated rules, in the order of their names */
export function ruleSets(generated: string): Readonly<Record<string, RuleTexts>> {
  const first = (count: number) => () => folder(generated).slice(0, count);
  return {
    public16: {
      title: '16 public Kubernetes rules',
      texts: () => folder(join(root, 'test/data/sigma/kubernetes-rules')),
    },
    generated100: { title: '100 generated rules', texts: first(100) },
    generated1000: { title: '1,000 generated rules', texts: first(1000) },
    generated5000: { title: '5,000 generated rules', texts: first(5000) },
    corpus: { title: 'the public corpus', texts: corpus },
  };
}
