import type { Diagnostic } from '../diagnostics.ts';
import type { TextEdit } from '../text-edit.ts';
import type { LintSubject } from './subject.ts';
import { replaceScalar } from './yaml-edits.ts';

/** Fixes of what reading and compiling find, where there are safe ones. */
export function fixOfDiagnostic(
  { code, path, offset }: Diagnostic,
  subject: LintSubject,
): readonly TextEdit[] | undefined {
  switch (code) {
    case 'AllWithSingleValue':
      return withoutAll(path, offset, subject);
    case 'UnusualField':
      return path === 'date' || path === 'modified' ? dashedDate(path, subject) : undefined;
    default:
      return undefined;
  }
}

/** The key without `|all`. */
function withoutAll(path: string, offset: number, { items, source }: LintSubject): readonly TextEdit[] | undefined {
  const item = items.find((one) => one.path === path && one.value.start <= offset && offset <= one.value.end);
  const { key } = item ?? {};
  if (key === undefined || item?.field === '' || source.text.slice(key.start, key.end) !== key.text) return undefined;
  const at = key.text.indexOf('|all');
  return /^\|all(?:\||$)/.test(key.text.slice(at))
    ? [{ offset: key.start + at, length: '|all'.length, text: '' }]
    : undefined;
}

/** Sigma v1 wrote dates with slashes. */
function dashedDate(name: string, subject: LintSubject): readonly TextEdit[] | undefined {
  const node = subject.attribute(name);
  const parts = node?.kind === 'scalar' ? /^(\d{4})\/(\d\d?)\/(\d\d?)$/.exec(node.text) : null;
  if (node?.kind !== 'scalar' || parts === null) return undefined;
  const [, year = '', month = '', day = ''] = parts;
  return [replaceScalar(node, `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`, subject.source)];
}
