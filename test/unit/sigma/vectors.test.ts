import assert from 'node:assert/strict';
import { evaluate } from '../../../src/sigma/index.ts';
import { compiled } from './support/compiled.ts';
import { readRecords } from './support/corpus.ts';

interface Vector {
  readonly src: string;
  readonly rule: string;
  readonly event: object;
  readonly expected: boolean;
  readonly placeholders?: Readonly<Record<string, readonly string[]>>;
}

interface Settled {
  readonly src: string;
  readonly expected: boolean;
  readonly reason: string;
}

/** The vectors are detections without the title and logsource that a rule must have. */
function completed(rule: string): string {
  const body = rule.replace(/^\s*---\n/, '');
  const title = /^title:/m.test(body) ? '' : 'title: Vector\n';
  const logsource = /^logsource:/m.test(body) ? '' : '\nlogsource: { category: test }\n';
  return `${title}${body}${logsource}`;
}

const SETTLED = new Map(readRecords<Settled>('vectors/settled.jsonl').map((settled) => [settled.src, settled]));

for (const file of ['go-sigma-rule-engine', 'sigmalite', 'sigma-test']) {
  describe(`vectors of ${file}`, () => {
    for (const { src, rule, event, expected, placeholders } of readRecords<Vector>(`vectors/${file}.jsonl`)) {
      const settled = SETTLED.get(src);
      it(settled === undefined ? src : `${src} (settled otherwise)`, () => {
        const { plan } = compiled(completed(rule), { placeholders: (name) => placeholders?.[name] });
        assert.equal(evaluate(plan, event) === 'match', settled?.expected ?? expected);
      });
    }
  });
}
