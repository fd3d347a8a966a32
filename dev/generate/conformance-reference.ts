import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedFile } from './generated-file.ts';

/** A line of `test/data/sigma/statements.jsonl`: what a sentence of the specification says, and the titles of its cases by section of the lists. */
interface Statement {
  readonly document: string;
  readonly section: string;
  readonly statement: string;
  readonly cases: Readonly<Record<string, readonly string[]>>;
  readonly decision?: string;
  readonly elsewhere?: string;
}

/** `docs/reference/conformance.md`: which cases of the conformance lists hold the engine to each statement of the specification. */
export function conformanceReference(root: string): GeneratedFile {
  const read = <T>(file: string): T[] =>
    readFileSync(join(root, 'test/data/sigma', file), 'utf8')
      .trim()
      .split('\n')
      .map((line): T => JSON.parse(line));
  const lists = ['conformance', 'conformance-correlation', 'conformance-filter'].map((name) =>
    read<{ readonly section: string; readonly title: string }>(`${name}.jsonl`),
  );
  // One title for the cases of one thing, which `: not` and a number tell apart.
  const counts = new Map<string, number>();
  for (const { section, title } of lists.flat()) {
    const key = `${section}\n${title.replace(/(?:: not)?(?: \(\d+\))?$/, '')}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const statements = read<Statement>('statements.jsonl');
  const unspoken = new Set(counts.keys());
  const row = ({ section, statement, cases, decision, elsewhere }: Statement): string => {
    const found = Object.entries(cases).map(([list, titles]) => {
      const keys = titles.map((title) => `${list}\n${title}`);
      const missing = keys.find((key) => !counts.has(key));
      if (missing !== undefined) throw new Error(`"${statement}" refers to no case: ${missing}`);
      for (const key of keys) unspoken.delete(key);
      return shown(list, keys);
    });
    if (elsewhere !== undefined) found.push(elsewhere);
    if (found.length === 0) throw new Error(`"${statement}" has no case`);
    const text = decision === undefined ? statement : `${statement}<br>*Here:* ${decision}`;
    return `| ${section} | ${cell(text)} | ${found.join('<br>')} |\n`;
  };
  const shown = (list: string, keys: readonly string[]): string => {
    const number = keys.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0);
    return `${list} (${number}): ${keys.map((key) => `\`${cell(key.slice(list.length + 1))}\``).join(' · ')}`;
  };
  const tables = [...Map.groupBy(statements, ({ document }) => document)].map(
    ([name, rows]) => `## ${name}\n\n| section | statement | cases |\n|---|---|---|\n${rows.map(row).join('')}`,
  );
  const rest = [...Map.groupBy(unspoken, (key) => key.slice(0, key.indexOf('\n')))].map(
    ([list, keys]) => `| ${shown(list, keys)} |\n`,
  );
  const decisions = statements.filter(({ decision }) => decision !== undefined).length;
  const text = `# Conformance to the Sigma specification

Generated from \`test/data/sigma\` by \`npm run generate\`. Every statement of the specification about matching, about what is accepted and
refused, about the windows of correlations and about the rules that a filter applies to, in our own short words, with the cases that fail
where an engine does otherwise: ${statements.length} statements; ${lists.map(({ length }) => length).join(', ')} cases of rules, correlations and filters.
The cases are data for other engines too: JSON lines, described in [test/data/sigma](../../test/data/sigma/README.md). The interpreter and the
compiled matcher pass all those of rules. The specification is version 2.1.0 of 2025-08-02, with the draft of 2.2 as of 2026-06-09, and proposals to it
that are implemented here.

*Here* says what is decided where the specification leaves a choice, or otherwise than it says, and why (${decisions} statements); see also
[decision 5](../decisions/0005-correlations-and-filters.md). What the specification says to other tools, or on style, is left out.

${tables.join('\n')}
## Choices of our own

| cases of which no statement speaks |
|---|
${rest.join('')}`;
  return { path: 'docs/reference/conformance.md', text };
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
