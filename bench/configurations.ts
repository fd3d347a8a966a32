import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A set of rules to measure with: their texts by a name. */
export interface RuleTexts {
  readonly title: string;
  readonly texts: () => Iterable<string>;
}

function* corpus(path: string): Generator<string> {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').split('\n');
  for (const line of lines.filter((one) => one !== '')) {
    const rule: { path: string; text: string } = JSON.parse(line);
    if (rule.path.startsWith('rules')) yield rule.text;
  }
}

/** Reads one after the other, as the command does. */
function* folder(path: string, count = Number.POSITIVE_INFINITY): Generator<string> {
  const files = readdirSync(path).filter((file) => file.endsWith('.yml'));
  for (const file of files.slice(0, count)) yield readFileSync(join(path, file), 'utf8');
}

/**
 * @param generated the folder of the generated rules, in the order of their names
 * @param data the folder test/data/sigma
 */
export function ruleSets(
  generated: string,
  data = join(import.meta.dirname, '../test/data/sigma'),
): Readonly<Record<string, RuleTexts>> {
  const first = (count: number) => () => folder(generated, count);
  return {
    public16: {
      title: '16 public Kubernetes rules',
      texts: () => folder(join(data, 'kubernetes-rules')),
    },
    generated100: { title: '100 generated rules', texts: first(100) },
    generated1000: { title: '1,000 generated rules', texts: first(1000) },
    generated5000: { title: '5,000 generated rules', texts: first(5000) },
    corpus: { title: 'the public corpus', texts: () => corpus(join(data, 'sigmahq-rules.jsonl.gz')) },
  };
}
