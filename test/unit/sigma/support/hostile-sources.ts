import type { CompileOptions } from '../../../../src/sigma/index.ts';
import { ruleOf } from './compiled.ts';

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
export const HOSTILE_SOURCES: Readonly<
  Record<string, readonly [source: string, outcome: string, options?: CompileOptions]>
> = {
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
