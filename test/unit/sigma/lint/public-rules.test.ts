import assert from 'node:assert/strict';
import { compileDocuments } from '../../../../src/sigma/index.ts';
import { readCorpus, readRecords } from '../support/corpus.ts';

/** A finding in a public rule: `test/data/sigma/lint-findings.jsonl`. */
interface ExpectedFinding {
  readonly rule: string;
  readonly code: string;
  readonly line: number;
  readonly column: number;
  readonly fixable: boolean;
}

const FINDINGS = readRecords<ExpectedFinding>('lint-findings.jsonl');
/** Of the longest public rule; a DetectionRule may hold less. */
const LARGEST = 1024 * 1024;

describe('lint of the public rules', () => {
  it('finds exactly what stands in the list, and nothing of Kubernetes elsewhere', function () {
    this.timeout(60_000);
    const found = readCorpus()
      .filter(({ path }) => path.startsWith('rules'))
      .flatMap(({ path, text }) =>
        compileDocuments(text, { placeholders: () => ['x'], limits: { maxSourceBytes: LARGEST } }).flatMap(
          (document) => {
            assert(document.kind === 'detection', `${path} is refused`);
            return document.findings.map(
              ({ code, line, column, fix }): ExpectedFinding => ({
                rule: path,
                code,
                line,
                column,
                fixable: fix !== undefined,
              }),
            );
          },
        ),
      );
    assert.deepEqual(found, FINDINGS);
  });
});
