import assert from 'node:assert/strict';
import type { DIAGNOSTICS } from '../../../src/sigma/diagnostics.ts';
import { compileCollection, compileFilter, compileRule, formatDiagnostic } from '../../../src/sigma/index.ts';

const HEAD = 'title: Test\nlogsource: { category: test }\n';

function detection(text: string): string {
  return `${HEAD}detection:\n${text}`;
}

/** A correlation of two rules, which stand beside it. */
function correlation(body: string): string {
  const rules = ['a', 'b'].map((name) => `---\nname: ${name}\n${detection('  s: {a: b}\n  condition: s\n')}`);
  return `title: Test\ncorrelation:\n  group-by: [g]\n${body}${rules.join('')}`;
}

function filter(body: string): string {
  return `${HEAD}filter:\n${body}`;
}

/** For each code a source that has it, and the text that is marked. */
const CASES: Readonly<Record<keyof typeof DIAGNOSTICS, readonly [source: string, marked: string]>> = {
  SourceTooLarge: [`title: ${'x'.repeat(70_000)}`, ''],
  EmptySource: ['# nothing\n', ''],
  InvalidYaml: ['title: a: b\n', ''],
  DuplicateKey: ['title: a\nlevel: low\ntitle: b\n', 'title'],
  InvalidKey: ['[a, b]: c\n', ''],
  UnknownTag: ['title: !!binary aGk=\n', '!!binary'],
  UnknownAlias: ['title: *nothing\n', 'nothing'],
  TooComplex: [`a: &a [${'x,'.repeat(500)}]\nb: [${'*a,'.repeat(500)}]\n`, ''],
  TooManyDocuments: ['--- {a: 1}\n'.repeat(101), ''],
  NotAMapping: ['- a\n', ''],
  MissingField: [`${HEAD}level: low\n`, ''],
  InvalidField: ['title: [a]\nlogsource: {}\ndetection: {}\n', ''],
  UnknownLevel: [`${HEAD}level: hihg\n`, 'hihg'],
  UnusualField: [detection('  s: {a: b}\n  condition: s\nstatus: stabel\n'), 'stabel'],
  InvalidAction: ['action: merge\ntitle: a\n', 'merge'],
  MultipleRoots: [`${HEAD}---\n${HEAD}`, ''],
  UnsupportedDocument: ['title: a\ncorrelation: {type: event_count}\n', ''],
  InvalidSelection: [detection('  s:\n    - {a: b}\n    - [c]\n  condition: s\n'), ''],
  EmptySelection: [detection('  s: {}\n  condition: s\n'), ''],
  InvalidItem: [detection('  s:\n    a:\n      - [c]\n  condition: s\n'), ''],
  NestedMap: [detection('  s:\n    a: {b: c}\n  condition: s\n'), 'a'],
  InvalidSelector: [`sigma-version: 3\n${detection('  s:\n    a[some]: b\n  condition: s\n')}`, 'a[some]'],
  NullInList: [detection('  s:\n    a: [b, null]\n  condition: s\n'), 'null'],
  EmptyValueList: [detection('  s:\n    a: []\n  condition: s\n'), ''],
  UnusedSelection: [detection('  s: {a: b}\n  t: {a: b}\n  condition: s\n'), 't'],
  FieldNameTooLong: [detection(`  s:\n    a${'.a'.repeat(64)}: b\n  condition: s\n`), `a${'.a'.repeat(64)}`],
  TooManyModifiers: [detection(`  s:\n    a${'|base64'.repeat(9)}: b\n  condition: s\n`), `a${'|base64'.repeat(9)}`],
  TooManyValues: [
    detection(`  s:\n    a|windash:\n${"      - '-a -b -c -d'\n".repeat(100)}  condition: s\n`),
    '-a -b -c -d',
  ],
  UnknownModifier: [detection('  s:\n    a|contain: b\n  condition: s\n'), 'contain'],
  ModifierNotApplicable: [detection('  s:\n    a|lt: b\n  condition: s\n'), 'b'],
  InvalidRegex: [detection("  s:\n    a|re: '(?=b)'\n  condition: s\n"), '(?=b)'],
  InvalidNetwork: [detection('  s:\n    a|cidr: 10.0.0.1/8\n  condition: s\n'), '10.0.0.1/8'],
  UnresolvedPlaceholder: [detection("  s:\n    a|expand: '%x%'\n  condition: s\n"), '%x%'],
  TooManyVariants: [detection("  s:\n    a|windash: '-a -b -c -d -e'\n  condition: s\n"), '-a -b -c -d -e'],
  AllWithSingleValue: [detection('  s:\n    a|all: b\n  condition: s\n'), 'b'],
  InvalidCondition: [detection('  s: {a: b}\n  condition: 5\n'), '5'],
  EmptyCondition: [detection("  s: {a: b}\n  condition: ' '\n"), ' '],
  ConditionTooLong: [detection(`  s: {a: b}\n  condition: s${' and s'.repeat(2000)}\n`), 's'],
  ConditionTooDeep: [detection(`  s: {a: b}\n  condition: ${'('.repeat(65)}s${')'.repeat(65)}\n`), '('],
  ConditionTooComplex: [
    detection(
      `${'a: {f: x}\n'.repeat(100).replace(/^a/gm, (_, i) => `  a${i}`)}  condition: 1 of a*${' or 1 of a*'.repeat(300)}\n`,
    ),
    '1 of a*',
  ],
  UnexpectedToken: [detection('  s: {a: b}\n  condition: s and )\n'), ')'],
  UppercaseOperator: [detection('  s: {a: b}\n  condition: s AND s\n'), 'AND'],
  UnsupportedQuantifier: [detection('  s: {a: b}\n  condition: 2 of s*\n'), '2'],
  AggregationNotSupported: [detection('  s: {a: b}\n  condition: s | count() > 5\n'), '|'],
  UnknownIdentifier: [detection('  filter: {a: b}\n  condition: fliter\n'), 'fliter'],
  NoMatchingSelection: [detection('  s: {a: b}\n  condition: 1 of x*\n'), '1 of x*'],
  UnknownCorrelationType: [correlation('  type: event_cuont\n  rules: [a, b]\n  timespan: 1m\n'), 'event_cuont'],
  InvalidTimespan: [correlation('  type: temporal\n  rules: [a, b]\n  timespan: 1M\n'), '1M'],
  InvalidCorrelationCondition: [
    correlation('  type: event_count\n  rules: [a, b]\n  timespan: 1m\n  condition: {ge: 5}\n'),
    'ge',
  ],
  ConditionNotApplicable: [
    correlation('  type: event_count\n  rules: [a, b]\n  timespan: 1m\n  condition: a and b\n'),
    'a and b',
  ],
  ConditionCannotHold: [
    correlation('  type: event_count\n  rules: [a, b]\n  timespan: 1m\n  condition: {gt: 5, lt: 5}\n'),
    'gt: 5',
  ],
  AbsenceAlone: [
    correlation('  type: temporal\n  rules: [a, b]\n  timespan: 1m\n  condition: a or not b\n'),
    'a or not b',
  ],
  CorrelationTooLarge: [
    correlation(
      `  type: temporal\n  rules: [${Array.from({ length: 33 }, (_, i) => `r${i}`).join()}]\n  timespan: 1m\n`,
    ),
    '',
  ],
  UnlistedRule: [correlation('  type: temporal\n  rules: [a, b]\n  timespan: 1m\n  condition: a and b and bb\n'), 'bb'],
  DuplicateReference: [correlation('  type: temporal\n  rules: [a, b, a]\n  timespan: 1m\n'), 'a'],
  UnresolvedReference: [correlation('  type: temporal\n  rules: [a, b, missing]\n  timespan: 1m\n'), 'missing'],
  AmbiguousReference: [
    `${correlation('  type: temporal\n  rules: [a, b]\n  timespan: 1m\n')}---\nname: a\n${detection('  s: {a: c}\n  condition: s\n')}`,
    'a',
  ],
  CyclicReference: [
    'title: Test\nname: self\ncorrelation: {type: temporal, rules: [self], timespan: 1m, group-by: [g]}\n',
    'self',
  ],
  UngroupedCorrelation: [
    correlation('  type: temporal\n  rules: [a, b]\n  timespan: 1m\n').replace('  group-by: [g]\n', ''),
    '',
  ],
  IncompleteAlias: [correlation('  type: temporal\n  rules: [a, b]\n  timespan: 1m\n  aliases: {g: {a: x}}\n'), 'g'],
  ThresholdAboveLimit: [
    correlation('  type: event_count\n  rules: [a, b]\n  timespan: 1m\n  condition: {gte: 10001}\n'),
    '',
  ],
  InvalidFilterRules: [filter('  rules: []\n  s: {a: b}\n  condition: not s\n'), ''],
  UndeclaredEffect: [filter('  rules: any\n  s: {a: b}\n  condition: s\n'), 's'],
  FilterKeeps: [filter('  rules: any\n  s: {a: b}\n  condition: s\n'), 's'],
};

/** Compiles a source as what it may be, until the code turns up. */
function compileFor(
  code: string,
  source: string,
): ReturnType<typeof compileRule | typeof compileCollection | typeof compileFilter> {
  const declared = compileFilter(source, { filterEffect: 'Removes' });
  const results = [compileRule(source), compileCollection(source), compileFilter(source), declared];
  const found = results.find((result) => (result.ok ? result.findings : result.errors).some((d) => d.code === code));
  assert(found !== undefined, results.flatMap((r) => (r.ok ? r.findings : r.errors).map(formatDiagnostic)).join('\n'));
  return found;
}

describe('diagnostics', () => {
  for (const [code, [source, marked]] of Object.entries(CASES)) {
    it(`${code} says where and what to do`, () => {
      const result = compileFor(code, source);
      const diagnostic = (result.ok ? result.findings : result.errors).find((d) => d.code === code);
      assert(diagnostic !== undefined);
      const { offset, length, line, column, excerpt, message, remedy, severity } = diagnostic;
      assert(source.slice(offset, offset + length).includes(marked), source.slice(offset, offset + length));
      const before = source.slice(0, offset);
      assert.equal(line, before.split('\n').length);
      assert.equal(column, offset - (before.lastIndexOf('\n') + 1) + 1);
      assert.match(excerpt, /^\d+ \| .*\n +\| *\^+$/);
      assert.match(message, /^\S.*\.$/s);
      assert.match(remedy, /[.?]$/);
      assert.equal(result.ok, severity !== 'error');
    });
  }

  it('are printed with an excerpt and a caret', () => {
    const result = compileRule(
      detection('  selection: {a: b}\n  filter: {a: b}\n  condition: selection and not fliter\n'),
    );
    assert(!result.ok);
    assert.equal(
      result.errors.map(formatDiagnostic).join('\n'),
      [
        'error UnknownIdentifier at 6:32 (detection.condition): There is no selection "fliter".',
        '  6 |   condition: selection and not fliter',
        '    |                                ^^^^^^',
        '  Did you mean "filter"?',
      ].join('\n'),
    );
  });

  it('mark the place inside folded and quoted conditions', () => {
    for (const condition of ['>-\n    s and\n    nope', '"s \\x61nd nope"', "'s and nope'", '|\n    s and nope\n']) {
      const source = detection(`  s: {a: b}\n  condition: ${condition}\n`);
      const result = compileRule(source);
      assert(!result.ok);
      const [{ offset, length } = { offset: 0, length: 0 }] = result.errors;
      assert.equal(source.slice(offset, offset + length), 'nope');
    }
  });

  it('cut long lines around the caret and show no control characters', () => {
    const result = compileRule(detection(`  s: {a: b}\n  condition: "${'s and '.repeat(100)}\\u001b nope"\n`));
    assert(!result.ok);
    const [first] = result.errors;
    assert(first !== undefined);
    const [text = '', caret = ''] = first.excerpt.split('\n');
    assert(text.length < 120);
    assert.equal(text.length >= caret.length, true);
    const hostile = compileRule(detection('  s: {a: b}\n  condition: no\u202epe\n'));
    assert(!hostile.ok);
    assert(!hostile.errors.map(formatDiagnostic).join('').includes('\u202e'));
  });

  it('are bounded in number', () => {
    const result = compileRule(detection('  s:\n'.repeat(5000)));
    assert(!result.ok);
    assert(result.errors.length <= 50);
  });
});
