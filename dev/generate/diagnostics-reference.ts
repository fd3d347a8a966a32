import { POLICY_DIAGNOSTICS } from '../../src/catalog/policy/policy-diagnostics.ts';
import { FAILURES } from '../../src/cli/failure.ts';
import { LOAD_PROBLEMS } from '../../src/cli/rules/load-problem.ts';
import { DIAGNOSTICS } from '../../src/sigma/diagnostics.ts';
import { formatDiagnostic } from '../../src/sigma/index.ts';
import { LINTS } from '../../src/sigma/lint/index.ts';
import { SET_LINTS } from '../../src/sigma/lint/set-lints.ts';
import { DIAGNOSTIC_EXAMPLES } from './diagnostic-examples.ts';
import { diagnosticOf, fixedExample } from './example-source.ts';
import type { GeneratedFile } from './generated-file.ts';

interface Entry {
  readonly code: string;
  readonly severity: string;
  readonly meaning: string;
  readonly remedy: string;
  readonly example: string | undefined;
}

/** `docs/reference/findings.md` and `docs/reference/errors.md`: every code, from the tables in the sources. */
export function diagnosticsReference(): readonly GeneratedFile[] {
  const diagnostics = Object.entries(DIAGNOSTICS).map(([code, entry]) => ({
    code,
    ...entry,
    example: DIAGNOSTIC_EXAMPLES[code as keyof typeof DIAGNOSTICS],
  }));
  return [
    { path: 'docs/reference/findings.md', text: findings(diagnostics.filter(({ severity }) => severity !== 'error')) },
    { path: 'docs/reference/errors.md', text: errors(diagnostics.filter(({ severity }) => severity === 'error')) },
  ];
}

function findings(warnings: readonly Entry[]): string {
  return `# Findings

Generated from the code by \`npm run generate\`. What a reviewer would remark about a rule that is accepted all the same: in
\`status.findings\` of its DetectionRule, and with its place and a caret from \`sigma-operator lint\`.

A *warning* is something that most probably is not meant. An *information* should be known, and may be left as it is.
\`sigma-operator lint --fix\` fixes what is safe to fix: the rule then sees at least every event that it saw before, what it sees
in addition is what was plainly meant, and every other byte of the file stays as it is.

${contents([...LINTS, ...SET_LINTS, ...warnings])}

# Kubernetes audit events, and rules in general

${[...LINTS, ...SET_LINTS].map(section).join('\n')}
# Reading and compiling

${warnings.map(section).join('\n')}`;
}

function errors(entries: readonly Entry[]): string {
  const commands = [...Object.entries(LOAD_PROBLEMS), ...Object.entries(FAILURES)];
  const policy = Object.entries(POLICY_DIAGNOSTICS).map(
    ([code, { severity, meaning, remedy }]) => `| \`${code}\` | ${severity} | ${meaning} | ${remedy} |`,
  );
  return `# Errors

Generated from the code by \`npm run generate\`. Why a rule is refused: in the \`Accepted\` condition of its DetectionRule (an
earlier version that was accepted goes on running), and from every offline command.

${contents([...entries, ...commands.map(([code]) => ({ code }))])}

# Rules

${entries.map(section).join('\n')}
# The command line

${commands.map(([code, entry]) => plainSection(code, entry)).join('\n')}
# Audit policies

| code | severity | meaning | remedy |
|---|---|---|---|
${policy.join('\n')}
`;
}

function contents(entries: readonly { readonly code: string }[]): string {
  return entries
    .map(({ code }) => code)
    .toSorted()
    .map((code) => `[${code}](#${code.toLowerCase()})`)
    .join(' · ');
}

function section({ code, severity, meaning, remedy, example }: Entry): string {
  const head = `## ${code}\n\n*${severity}* — ${meaning}\n`;
  if (example === undefined) return `${head}\n${remedy}\n`;
  const { source, diagnostic } = diagnosticOf(code, example);
  const fixed = fixedExample(source, diagnostic);
  const fix =
    fixed === undefined ? '' : `\n\`lint --fix\` changes it to:\n\n${block('diff', difference(source, fixed))}`;
  const general = remedy === diagnostic.remedy ? '' : `\n${remedy}\n`;
  return `${head}\n${block('yaml', example)}\n${block('text', formatDiagnostic(diagnostic))}${general}${fix}`;
}

function plainSection(
  code: string,
  { meaning, remedy, example }: { readonly meaning: string; readonly remedy: string; readonly example: string },
): string {
  const language = example.startsWith('sigma-operator') ? 'sh' : 'yaml';
  return `## ${code}\n\n${meaning}\n\n${block(language, example)}\n${remedy}\n`;
}

function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\`\n`;
}

/** The lines that differ, between a common beginning and a common end. */
function difference(before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  return [
    ...old.slice(start, old.length - end).map((line) => `- ${line}`),
    ...now.slice(start, now.length - end).map((line) => `+ ${line}`),
  ].join('\n');
}
