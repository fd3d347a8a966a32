import assert from 'node:assert/strict';
import { applyFixes, compileDocuments, type Diagnostic, formatDiagnostic } from '../../../../src/sigma/index.ts';

/** What is found in a source whose documents all compile. */
export function findingsIn(source: string): readonly Diagnostic[] {
  return compileDocuments(source).flatMap((document) => {
    assert(document.kind === 'detection' || document.kind === 'filter', errorsOf(document));
    return document.findings;
  });
}

function errorsOf(document: ReturnType<typeof compileDocuments>[number]): string {
  return document.kind === 'refused' ? document.errors.map(formatDiagnostic).join('\n') : document.kind;
}

/** The texts that are marked by a code, in the order of the source. */
export function marked(source: string, code: string): readonly string[] {
  return findingsIn(source)
    .filter((finding) => finding.code === code)
    .map(({ offset, length }) => source.slice(offset, offset + length));
}

/** The source after its fixes, applied until there are none. */
export function fixed(source: string, passes = 10): string {
  const fixes = findingsIn(source).flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
  if (fixes.length === 0) return source;
  assert(passes > 0, `fixing does not come to an end:\n${source}`);
  return fixed(applyFixes(source, fixes).text, passes - 1);
}

/** A complete rule for Kubernetes audit events around the lines of a detection. */
export function auditRule(detection: string, head = ''): string {
  return `title: Test\nid: 0c9b3bda-41a6-4442-9345-356ae86343dc\n${head}logsource:\n  product: kubernetes\n  service: audit\ndetection:\n${indent(detection)}level: low\n`;
}

/** The same for another product. */
export function otherRule(detection: string): string {
  return auditRule(detection).replace('product: kubernetes', 'product: windows');
}

export function auditFilter(filter: string): string {
  return `title: Test\nlogsource:\n  product: kubernetes\n  service: audit\nfilter:\n  rules: any\n${indent(filter)}`;
}

function indent(text: string): string {
  return `${text.trimEnd()}\n`.replaceAll(/^(?=.)/gm, '  ');
}
