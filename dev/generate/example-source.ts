import assert from 'node:assert/strict';
import {
  applyFixes,
  compileCollection,
  compileDocuments,
  compileFilter,
  compileRule,
  type Diagnostic,
  lintSet,
  readDocument,
} from '../../src/sigma/index.ts';

const RULE = {
  title: 'title: A rule',
  id: 'id: 1d7c0a4c-6d3e-4b52-9c0c-53f1c9a1e0a7',
  logsource: 'logsource:\n  product: kubernetes\n  service: audit',
  detection: 'detection:\n  selection:\n    user.username: alice\n  condition: selection',
  level: 'level: low',
};

/** A whole source around the lines of an example. */
function exampleSource(example: string): string {
  if (/^(?:#|- |\? |title:|action:)/.test(example) && !/^title: [^\n]*$/.test(example)) return `${example}\n`;
  const lines = example.startsWith('  ') ? `detection:\n${example}` : example;
  const own = new Set(lines.match(/^[\w-]+(?=:)/gm));
  const rest = Object.entries(RULE).flatMap(([attribute, text]) => (own.has(attribute) ? [] : [text]));
  return `${[...rest, lines].join('\n')}\n`;
}

/** What an example has, found as the operator, or the lint command, would find it. */
export function diagnosticOf(
  code: string,
  example: string,
): { readonly source: string; readonly diagnostic: Diagnostic } {
  const source = exampleSource(example);
  const diagnostic = diagnosticsIn(source).find((found) => found.code === code);
  assert(diagnostic !== undefined, `The example of ${code} does not have it:\n${source}`);
  return { source, diagnostic };
}

function diagnosticsIn(source: string): readonly Diagnostic[] {
  const declared = compileFilter(source, { filterEffect: 'Removes' });
  const results = [compileRule(source), compileCollection(source), compileFilter(source), declared];
  const members = compileDocuments(source).flatMap((document) =>
    document.kind === 'detection'
      ? [
          {
            document: document.rule.document,
            syntax: () => readDocument(source, document.index),
            place: 'rules/other.yml:1',
          },
        ]
      : [],
  );
  return [
    ...results.flatMap((result) => (result.ok ? result.findings : result.errors)),
    ...lintSet([...members, ...members]).flat(),
  ];
}

/** The example after its fix; undefined where it has none. */
export function fixedExample(source: string, { fix }: Diagnostic): string | undefined {
  return fix === undefined ? undefined : applyFixes(source, [fix]).text;
}
