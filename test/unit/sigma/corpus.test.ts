import assert from 'node:assert/strict';
import { compileDetection } from '../../../src/sigma/compile.ts';
import { type CompiledRule, type Diagnostic, formatDiagnostic } from '../../../src/sigma/index.ts';
import { readDocuments } from '../../../src/sigma/read-documents.ts';
import { type CorpusRule, readCorpus, readRecords } from './support/corpus.ts';
import { normalizePlan, normalizePySigma, type PySigmaNode, placeholderText } from './support/pysigma-tree.ts';

/** One public rule holds 295 kB of hashes. */
const LIMITS = { maxSourceBytes: 512 * 1024 };

interface Outcome extends CorpusRule {
  readonly rules: readonly CompiledRule[];
  readonly errors: readonly Diagnostic[];
}

function compileAll({ path, text }: CorpusRule): Outcome {
  const { documents, sink, limits } = readDocuments(text, LIMITS);
  const options = { placeholders: (name: string) => [placeholderText(name)] };
  const rules = documents.map((document) => compileDetection(document, sink, limits, options));
  return { path, text, rules: rules.filter((rule) => rule !== undefined), errors: sink.errors };
}

describe('the public rules', function () {
  this.timeout(120_000);
  let outcomes: readonly Outcome[] = [];
  before(() => {
    outcomes = readCorpus().map(compileAll);
  });

  it('compile, every active one', () => {
    const active = outcomes.filter(({ path }) => path.startsWith('rules'));
    assert.equal(active.length, 3780);
    const failed = active.filter(({ errors }) => errors.length > 0);
    assert.deepEqual(
      failed.map(({ path, errors }) => [path, ...errors.map(formatDiagnostic)]),
      [],
    );
  });

  it('compile or are refused like in the reference, the deprecated and unsupported ones', () => {
    const compiledOf = (folder: string): readonly number[] => {
      const files = outcomes.filter(({ path }) => path.startsWith(`${folder}/`));
      return [files.filter(({ errors }) => errors.length === 0).length, files.length];
    };
    assert.deepEqual(compiledOf('deprecated'), [171, 172]);
    assert.deepEqual(compiledOf('unsupported'), [29, 87]);
  });

  it('say precisely why one is refused: a condition of Sigma v1', () => {
    const errors = outcomes.flatMap((outcome) => outcome.errors.map((error) => ({ ...error, text: outcome.text })));
    assert.deepEqual(new Set(errors.map(({ code }) => code)), new Set(['AggregationNotSupported', 'UnexpectedToken']));
    for (const { path, offset, length, text } of errors) {
      assert.equal(path, 'detection.condition');
      assert.match(text.slice(offset, offset + length), /^(\||\(|count|ProcessGuid|TargetLogonId)$/);
    }
  });

  it('have the trees that pySigma gives, every one', () => {
    const byPath = new Map(outcomes.map((outcome) => [outcome.path, outcome]));
    const different: string[] = [];
    let compared = 0;
    for (const { path, ast } of readRecords<{ path: string; ast: readonly PySigmaNode[] }>('pysigma-ast.jsonl.gz')) {
      const plan = byPath.get(path)?.rules[0]?.plan;
      const [tree] = ast;
      assert(plan !== undefined && tree !== undefined, path);
      compared++;
      if (JSON.stringify(normalizePlan(plan)) !== JSON.stringify(normalizePySigma(tree))) different.push(path);
    }
    assert.deepEqual({ compared, different }, { compared: 1890, different: [] });
  });
});
