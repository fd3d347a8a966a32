import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { dump } from 'js-yaml';
import { DiagnosticSink } from '../../../src/sigma/diagnostics.ts';
import { DEFAULT_LIMITS } from '../../../src/sigma/limits.ts';
import { SourceText } from '../../../src/sigma/source-text.ts';
import { parseYaml } from '../../../src/sigma/yaml/parse.ts';
import { toPlainValue, type YamlNode } from '../../../src/sigma/yaml/tree.ts';

function parse(text: string): { readonly roots: readonly YamlNode[] | undefined; readonly sink: DiagnosticSink } {
  const sink = new DiagnosticSink(new SourceText(text), DEFAULT_LIMITS);
  return { roots: parseYaml(sink, DEFAULT_LIMITS), sink };
}

function valueOf(text: string): unknown {
  const { roots, sink } = parse(text);
  assert.deepEqual(sink.errors, []);
  const plain: unknown = JSON.parse(JSON.stringify(roots?.map(toPlainValue)));
  return plain;
}

function* nodesOf(node: YamlNode): Generator<YamlNode> {
  yield node;
  if (node.kind === 'sequence') for (const item of node.items) yield* nodesOf(item);
  if (node.kind === 'mapping') for (const { key, value } of node.entries) yield* [key, ...nodesOf(value)];
}

describe('YAML', () => {
  const values = [
    ['a: yes\nb: No\nc: on', { a: 'yes', b: 'No', c: 'on' }],
    ['a: true\nb: FALSE\nc: True', { a: true, b: false, c: true }],
    ['a: null\nb: ~\nc:\nd: Null', { a: null, b: null, c: null, d: null }],
    ['a: 0x1F\nb: 0o17\nc: 017\nd: -5\ne: 1e3\nf: .5', { a: 31, b: 15, c: 17, d: -5, e: 1000, f: 0.5 }],
    ['a: 2024-01-02\nb: 12:30:00\nc: 1_000', { a: '2024-01-02', b: '12:30:00', c: '1_000' }],
    ['a: .inf\nb: .nan', { a: '.inf', b: '.nan' }],
    ['a: "1"\nb: \'true\'\nc: !!str 5\nd: !!int "5"', { a: '1', b: 'true', c: '5', d: 5 }],
    ['a: &x [1, 2]\nb: *x', { a: [1, 2], b: [1, 2] }],
    ['<<: {a: 1}\nb: 2', { '<<': { a: 1 }, b: 2 }],
    ['1: a\ntrue: b\n~: c', { '1': 'a', true: 'b', '~': 'c' }],
    ['\ufeffa: 1', { a: 1 }],
    ['a: |\n  x\n  y\nb: >-\n  x\n  y', { a: 'x\ny\n', b: 'x y' }],
  ] as const;
  for (const [text, expected] of values) {
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(valueOf(text), [expected]));
  }

  it('skips empty documents', () =>
    assert.deepEqual(valueOf('---\n---\na: 1\n---\n# nothing\n---\nb: 2\n'), [{ a: 1 }, { b: 2 }]));

  it('keeps a key named __proto__ as a key', () => {
    const { roots } = parse('__proto__: {a: 1}');
    assert(roots?.[0]?.kind === 'mapping');
    assert.deepEqual(
      roots[0].entries.map(({ key }) => key.text),
      ['__proto__'],
    );
    assert.equal(Object.getPrototypeOf(toPlainValue(roots[0])), null);
  });

  it('names the second of two equal keys', () => {
    const { sink } = parse('a:\n  b: 1\n  c: 2\n  b: 3\n');
    assert.deepEqual(
      sink.errors.map(({ code, line, column }) => [code, line, column]),
      [['DuplicateKey', 4, 3]],
    );
  });

  it('counts lines ended by CR, LF and CRLF', () => {
    const { roots, sink } = parse('a: 1\r\nb: 2\rc: 3\nd: 4');
    assert(roots?.[0]?.kind === 'mapping');
    assert.deepEqual(
      roots[0].entries.map(({ key }) => sink.source.place(key.start).line),
      [1, 2, 3, 4],
    );
  });

  it('gives every node a range inside the source, in which a scalar stands as it is written', () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    const options = fc.record({ flowLevel: fc.constantFrom(-1, 0, 2), indent: fc.constantFrom(2, 4) });
    fc.assert(
      fc.property(json, options, (value, style) => {
        const text = dump({ root: value }, { ...style, lineWidth: -1 });
        const { roots, sink } = parse(text);
        if (roots === undefined) return;
        for (const node of nodesOf(roots[0] ?? assert.fail('no document'))) {
          assert(0 <= node.start && node.start <= node.end && node.end <= text.length);
          if (node.kind === 'scalar' && /^\w+$/.test(node.text))
            assert.equal(text.slice(node.start, node.end), node.text);
        }
        assert.deepEqual(sink.errors, []);
      }),
    );
  });

  it('never throws, and marks places inside the source, whatever the text is', () => {
    const pieces = fc.constantFrom(
      'a: ',
      '- ',
      '&x ',
      '*x',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '|\n',
      '>',
      '\n',
      '  ',
      '\t',
      '? ',
      '!!str ',
      '---\n',
      '#',
      '\\',
      '\u0000',
      '😀',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces, { maxLength: 30 }).map((p) => p.join('')),
        ),
        (text) => {
          const { roots, sink } = parse(text);
          assert.equal(roots === undefined, sink.hasErrors);
          for (const { offset, length } of sink.errors) assert(offset >= 0 && offset + length <= text.length);
        },
      ),
      { numRuns: 500 },
    );
  });
});
