import assert from 'node:assert/strict';
import { type CompileOptions, compileRule, evaluate, explain } from '../../../src/sigma/index.ts';
import { compiled, ruleOf } from './support/compiled.ts';

function selection(item: string): string {
  return ruleOf(`sel:\n  ${item}\ncondition: sel`);
}

function conditionOf(condition: string): string {
  return ruleOf(`sel: { a: b }\ncondition: ${condition}`);
}

/** Array selectors in each other, each of which names what is inside it twenty times. */
function nestedBlocks(depth: number): string {
  const level = (i: number): string => {
    const indent = '  '.repeat(2 * i + 1);
    const inner = i === depth ? `${indent}  x:\n${indent}    c: 1\n` : `${indent}  x:\n${level(i + 1)}`;
    return `${indent}a[any]:\n${indent}  condition: x${' and x'.repeat(19)}\n${inner}`;
  };
  return level(0);
}

/** Sources made to cost much, and what becomes of them. */
const SOURCES: Readonly<Record<string, readonly [source: string, outcome: string, options?: CompileOptions]>> = {
  '64 parentheses': [conditionOf(`${'('.repeat(64)}sel${')'.repeat(64)}`), 'ok'],
  '65 parentheses': [conditionOf(`${'('.repeat(65)}sel${')'.repeat(65)}`), 'ConditionTooDeep'],
  'thousands of not': [conditionOf(`${'not '.repeat(2000)}sel`), 'ConditionTooDeep'],
  'a long condition': [conditionOf(`sel${' and sel'.repeat(2000)}`), 'ConditionTooLong'],
  'a misspelt name of 8000 characters': [conditionOf('s'.repeat(8000)), 'UnknownIdentifier'],
  '1 MB of YAML': [`a: ${'x'.repeat(1 << 20)}`, 'SourceTooLarge'],
  'an alias bomb': [
    `a0: &a0 [x, x]\n${Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`).join('')}`,
    'TooComplex',
  ],
  'a chain of aliases': [
    `a0: &a0 [x]\n${Array.from({ length: 2000 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]\n`).join('')}`,
    'TooComplex',
  ],
  'an alias of itself': ['a: &a [*a]', 'UnknownAlias'],
  'deep flow collections': ['['.repeat(30_000), 'InvalidYaml'],
  'deep block collections': [Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'InvalidYaml'],
  '100,000 list values': [ruleOf(`sel:\n  a:\n${'  - v\n'.repeat(100_000)}condition: sel`), 'SourceTooLarge'],
  '100,000 list values in a larger source': [
    ruleOf(`sel:\n  a:\n${'  - v\n'.repeat(100_000)}condition: sel`),
    'TooComplex',
    { limits: { maxSourceBytes: 1 << 21 } },
  ],
  '100,000 list values in larger limits': [
    ruleOf(`sel:\n  a:\n${'  - v\n'.repeat(100_000)}condition: sel`),
    'TooManyValues',
    { limits: { maxSourceBytes: 1 << 21, maxNodes: 1 << 20 } },
  ],
  'nested quantifiers': [selection("a|re: '(a+)+$'"), 'ok'],
  'nested counted repetition': [selection("a|re: '(a{1,1000}){1,1000}'"), 'InvalidRegex'],
  'repeated classes': [selection(`a|re: '${'(\\pL{0,9}){0,99}'.repeat(60)}'`), 'InvalidRegex'],
  'many large expressions': [
    ruleOf(`sel:\n  a|re:\n${"  - '\\pL{900}'\n".repeat(2000)}condition: sel`),
    'InvalidRegex',
  ],
  'a long expression': [selection(`a|re: '${'a'.repeat(5000)}'`), 'InvalidRegex'],
  'deep groups': [selection(`a|re: '${'('.repeat(500)}${')'.repeat(500)}'`), 'ok'],
  'windash on 30 options': [selection(`a|windash: '${' -a'.repeat(30)}'`), 'TooManyVariants'],
  'windash on many values': [
    ruleOf(`sel:\n  a|windash:\n${"  - '-a -b -c -d'\n".repeat(2000)}condition: sel`),
    'TooManyValues',
  ],
  'windash on a long value': [selection(`a|windash: '-a -b -c -d ${'x'.repeat(60_000)}'`), 'TooManyValues'],
  'a placeholder with a million values': [
    selection("a|expand: '%x%'"),
    'TooManyVariants',
    { placeholders: () => Array.from({ length: 1_000_000 }, () => '1') },
  ],
  'placeholders multiplied': [
    selection(`a|expand: '${'%x%'.repeat(30)}'`),
    'TooManyVariants',
    { placeholders: () => ['1', '2'] },
  ],
  'the same modifier a thousand times': [selection(`a${'|base64'.repeat(1000)}: b`), 'TooManyModifiers'],
  'base64 of base64 of a long value': [
    selection(`a${'|base64offset'.repeat(8)}: ${'x'.repeat(60_000)}`),
    'TooManyValues',
  ],
  'UTF-16 of UTF-16 of a long value': [selection(`a${'|wide'.repeat(8)}: ${'x'.repeat(60_000)}`), 'TooManyValues'],
  'a field of 10,000 names': [selection(`a${'.a'.repeat(10_000)}: b`), 'FieldNameTooLong'],
  'quantifiers over many selections': [
    ruleOf(
      `${'abcdefghij'.repeat(100).replace(/./g, (c, i) => `${c}${i}: { a: b }\n`)}condition: 1 of *${' and 1 of *'.repeat(600)}`,
    ),
    'ConditionTooComplex',
  ],
  'conditions in blocks that multiply': [
    `sigma-version: 3\n${ruleOf(`sel:\n${nestedBlocks(8)}condition: sel`)}`,
    'ConditionTooComplex',
  ],
  'keys of the prototype': [ruleOf('__proto__: { constructor: x }\ncondition: __proto__'), 'ok'],
};

describe('hostile rules', () => {
  for (const [title, [source, outcome, options]] of Object.entries(SOURCES)) {
    it(`${title}: ${outcome}`, () => {
      const before = process.memoryUsage().heapUsed;
      const result = compileRule(source, options);
      assert.equal(result.ok ? 'ok' : result.errors[0]?.code, outcome);
      assert(process.memoryUsage().heapUsed - before < 200 * 1024 * 1024);
    });
  }
});

const DEEP = 200_000;
const EVENTS: Readonly<Record<string, () => object>> = {
  'deep arrays': () => JSON.parse(`{"a":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`) as object,
  'deep objects': () => JSON.parse(`${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`) as object,
  'a wide array': () => ({
    a: Array.from({ length: DEEP }, (_, i) => i),
    b: Array.from({ length: DEEP }, (_, i) => `b${i}`),
  }),
  'a wide object': () => ({ a: Object.fromEntries(Array.from({ length: DEEP }, (_, i) => [`k${i}`, i])) }),
  'an array of arrays of objects': () => ({ a: Array.from({ length: 50_000 }, () => ({ b: [{ c: 1 }, { c: 2 }] })) }),
  'a long text of one letter': () => ({ a: 'a'.repeat(1_000_000), b: 'a'.repeat(500_000) }),
};
const RULES: Readonly<Record<string, string>> = {
  'a keyword': 'sel: [foo]\ncondition: sel',
  'a nested field': 'sel: { a.a.a.a.b: x }\ncondition: not sel',
  'a pattern': "sel: { a: '*b*c?d*e*' }\ncondition: sel",
  'a regular expression': "sel: { a|re: '(a+)+$b' }\ncondition: sel",
  null: 'sel: { a: null }\ncondition: sel',
  'array selectors': 'sel:\n  a[any]:\n    b[all]:\n      c: 1\ncondition: sel',
  'a comparison of two fields': 'sel: { a|fieldref|contains: b }\ncondition: sel',
};

describe('hostile events', function () {
  this.timeout(60_000);
  for (const [eventTitle, make] of Object.entries(EVENTS)) {
    for (const [ruleTitle, detection] of Object.entries(RULES)) {
      it(`${eventTitle} are no trouble for ${ruleTitle}`, () => {
        const rule = compiled(`sigma-version: 3\n${ruleOf(detection)}`);
        const event = make();
        assert.equal(explain(rule, event).verdict, evaluate(rule.plan, event));
      });
    }
  }

  it('more pairs of two fields than can be compared are undetermined', () => {
    const rule = compiled(ruleOf('sel: { a|fieldref|contains: b }\ncondition: sel'));
    const values = Array.from({ length: 1000 }, (_, i) => `x${i}`);
    assert.equal(evaluate(rule.plan, { a: values, b: values.map((value) => `${value}!`) }), 'undetermined');
  });
});
