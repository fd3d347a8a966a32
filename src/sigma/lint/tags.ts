import type { YamlScalar } from '../yaml/tree.ts';
import type { Lint } from './finding.ts';
import type { LintSubject } from './subject.ts';
import { removeValue, replaceScalar } from './yaml-edits.ts';

/** Specification, "Tags": a namespace, a dot, a name. */
const TAG = /^[a-z0-9_-]+\.[a-z0-9._-]+$/;
const TECHNIQUE = /^attack\.(?:t\d{4}(?:\.\d{3})?|[gsma]\d{4}|ds\d{4})$/;

export const invalidTag: Lint = {
  code: 'InvalidTag',
  severity: 'warning',
  meaning:
    'A tag is not written as the specification says: a namespace, a dot and a name, in lower case, tactics of ATT&CK with dashes. Tools that group rules by tags overlook it.',
  remedy: 'Write it like attack.t1053.007, attack.privilege-escalation or cve.2021-44228.',
  example: 'tags:\n  - attack.Initial_Access',
  kinds: ['detection', 'filter'],
  *find(subject) {
    for (const scalar of tagsOf(subject)) {
      const tag = scalar.text;
      const problem = problemOf(tag);
      if (problem === undefined) continue;
      const corrected = tactic(tag.toLowerCase());
      const safe = corrected !== tag && problemOf(corrected) === undefined;
      yield {
        message: `The tag ${JSON.stringify(tag)} ${problem}.`,
        place: subject.placeOf(scalar),
        path: 'tags',
        remedy: safe ? `Write ${corrected}.` : undefined,
        fix: safe ? [replaceScalar(scalar, corrected, subject.source)] : undefined,
      };
    }
  },
};

export const duplicateTag: Lint = {
  code: 'DuplicateTag',
  severity: 'information',
  meaning: 'A tag stands twice.',
  remedy: 'Remove one of the two.',
  example: 'tags:\n  - attack.execution\n  - attack.t1609\n  - attack.execution',
  kinds: ['detection', 'filter'],
  *find(subject) {
    const list = subject.attribute('tags');
    const seen = new Set<string>();
    for (const [index, item] of (list?.kind === 'sequence' ? list.items : []).entries()) {
      if (list?.kind !== 'sequence' || item.kind !== 'scalar') continue;
      if (seen.has(item.text)) {
        const edit = removeValue(list, index, subject.source);
        const message = `The tag ${JSON.stringify(item.text)} stands twice.`;
        yield { message, place: subject.placeOf(item), path: 'tags', fix: edit && [edit] };
      }
      seen.add(item.text);
    }
  },
};

function tagsOf(subject: LintSubject): readonly YamlScalar[] {
  const node = subject.attribute('tags');
  const items = node?.kind === 'sequence' ? node.items : node === undefined ? [] : [node];
  return items.filter((item) => item.kind === 'scalar' && item.value !== null).filter((item) => item.kind === 'scalar');
}

function problemOf(tag: string): string | undefined {
  if (!TAG.test(tag)) return tag.includes('.') ? 'has characters that tags do not have' : 'has no namespace';
  if (!tag.startsWith('attack.')) return undefined;
  if (/^attack\.[a-z]{1,2}\d/.test(tag)) return TECHNIQUE.test(tag) ? undefined : 'is no id of ATT&CK';
  return tag.includes('_') ? 'has an underscore; tactics are written with dashes' : undefined;
}

function tactic(tag: string): string {
  return /^attack\.[a-z_-]+$/.test(tag) ? tag.replaceAll('_', '-') : tag;
}
