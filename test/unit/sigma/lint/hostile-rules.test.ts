import assert from 'node:assert/strict';
import { compileDocuments } from '../../../../src/sigma/index.ts';
import { auditRule } from './findings.ts';

function times(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('');
}

/** Rules within the limits that make a lint look at as much as they can. */
const HOSTILE: Readonly<Record<string, string>> = {
  'unknown fields': auditRule(
    `s:\n${times(12_000, (i) => `  objectReference.resourceVersionNumber${i}: x\n`)}condition: s`,
  ),
  'fields that fieldref names': auditRule(
    `s:\n  user.username|fieldref:\n${times(20_000, (i) => `    - objectReference.name${i}\n`)}condition: s`,
  ),
  'unknown verbs': auditRule(`s:\n  verb:\n${times(40_000, (i) => `    - verb${i}\n`)}condition: s`),
  'equal tags': auditRule('s: {verb: get}\ncondition: s', `tags:\n${times(40_000, () => '  - attack.execution\n')}`),
  'escaped wildcards': auditRule(`s:\n  userAgent:\n${times(20_000, (i) => `    - 'C:\\a${i}\\*'\n`)}condition: s`),
  'alternatives in a loop': auditRule(
    `s:\n  userAgent|re: '(${times(330, (i) => `${String.fromCodePoint(0x4e00 + i)}|`)}a)*$'\ncondition: s`,
  ),
  'loops around alternatives': auditRule(
    `s:\n  userAgent|re: '${'('.repeat(60)}${times(280, (i) => `${String.fromCodePoint(0x4e00 + i)}|`)}a${')*'.repeat(60)}$'\ncondition: s`,
  ),
  'large classes in a loop': auditRule(
    `s:\n  userAgent|re: '(${times(3, (i) => `[${times(150, (j) => String.fromCodePoint(0x4e00 + 2 * (j * 3 + i)))}]|`)}a)*$'\ncondition: s`,
  ),
  'selections joined in many ways': auditRule(
    `${times(40, (i) => `s${i}:\n  - {verb: get}\n  - {verb: list}\n  - {objectRef.resource: pods}\n`)}condition: all of s*`,
  ),
};

describe('lint of hostile rules', () => {
  for (const [title, source] of Object.entries(HOSTILE)) {
    it(`comes to an end with ${title}`, () => {
      const [document] = compileDocuments(source, { limits: { maxSourceBytes: 1024 * 1024 } });
      assert(
        document?.kind === 'detection',
        JSON.stringify(document?.kind === 'refused' && document.errors[0]?.message),
      );
      assert(document.findings.length <= 50);
    });
  }
});
