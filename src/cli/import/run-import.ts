import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { CommandFailure } from '../failure.ts';
import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import { safeJsonIndented } from '../output/json.ts';
import { problemText } from '../output/problems.ts';
import type { Terminal } from '../output/terminal.ts';
import { writeOutputFile, writing } from '../output/write-file.ts';
import { type LoadProblem, loadProblem } from '../rules/load-problem.ts';
import { readRuleTexts } from '../rules/rule-texts.ts';
import { candidatesIn } from './candidates.ts';
import { existingRules } from './existing.ts';
import { type ImportedRule, type ImportReport, importText } from './import-report.ts';
import { addResources } from './kustomization.ts';
import { type Checkout, checkoutOf } from './licence.ts';
import { newManifest } from './new-manifest.ts';
import { type ImportStep, planImport } from './plan-import.ts';
import { updateManifest } from './update-manifest.ts';

export interface ImportOptions {
  readonly folder: string;
  readonly out: string;
  readonly license?: string | undefined;
  readonly format: 'pretty' | 'json';
}

/** Writes or updates the manifests of the Kubernetes rules in a folder. Throws a CommandFailure. */
export function runImport(options: ImportOptions, { out, err }: Terminal): ExitStatus {
  const report = importRules(options);
  for (const problem of report.problems) err.write(problemText(problem, err.style, 'not imported'));
  if (options.format === 'json') {
    out.write(`${safeJsonIndented({ ...report, problems: report.problems.map(problemRecord) })}\n`);
  } else {
    out.write(importText(report, options.out, out.style));
  }
  return report.problems.length > 0 ? EXIT.findings : EXIT.clean;
}

function problemRecord({ file, line, column, code, message, remedy }: LoadProblem): object {
  return { file, line, column, code, message, remedy };
}

function importRules({ folder, out, license }: ImportOptions): ImportReport {
  const texts = [...readRuleTexts([folder])];
  const checkout = checkoutOf(folder);
  const found = texts.flatMap((file) => file.texts.map((text) => candidatesIn(text, checkout.root)));
  const candidates = found.flatMap((one) => one.candidates);
  const problems = [...texts.flatMap((file) => file.problems), ...found.flatMap((one) => one.problems)];
  if (candidates.length + problems.length === 0)
    throw new CommandFailure('NoRules', folder, 'None of its rules is about Kubernetes audit events.');
  writing(out, () => mkdirSync(out, { recursive: true }));
  const { steps, notInSource } = planImport(candidates, existingRules(out));
  const rules = steps.map((step) => perform(step, out, license ?? checkout.licence));
  keepLicence(checkout, out);
  const failed = rules.flatMap((rule) => ('code' in rule ? [rule] : []));
  const done = rules.flatMap((rule) => ('code' in rule ? [] : [rule]));
  const listed = listInKustomization(done, out);
  return {
    rules: done,
    leftOut: countsOf(found.flatMap((one) => one.leftOut)),
    notInSource: notInSource.map(({ name, file }) => ({ name, file: relative(out, file) })),
    problems: [...problems, ...failed, ...listed],
  };
}

function perform(
  { action, candidate, name, existing }: ImportStep,
  out: string,
  license: string | undefined,
): ImportedRule | LoadProblem {
  const { id, title, author } = candidate.document;
  const file = existing?.file ?? join(out, `${name}.yaml`);
  const rule = { name, file: relative(out, file), source: candidate.path, id, title, author };
  if (action === 'keep') return { ...rule, action: 'unchanged' };
  if (existing === undefined) {
    if (existsSync(file))
      return loadProblem(
        'NotImported',
        file,
        { line: 1, column: 1 },
        'There is a file of that name with something else.',
      );
    writeOutputFile(file, newManifest(candidate, name, license));
    return { ...rule, action: 'created' };
  }
  const updated = updateManifest(readFileSync(file, 'utf8'), name, candidate.sigma);
  if (updated === undefined)
    return loadProblem(
      'NotImported',
      file,
      { line: 1, column: 1 },
      `spec.sigma of ${name} cannot be replaced in place.`,
    );
  writeOutputFile(file, updated);
  return { ...rule, action: 'updated' };
}

/** New manifests are added; those that somebody took out stay out. */
function listInKustomization(rules: readonly ImportedRule[], out: string): readonly LoadProblem[] {
  const file = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']
    .map((name) => join(out, name))
    .find((path) => existsSync(path));
  const created = rules.filter(({ action }) => file === undefined || action === 'created').map((rule) => rule.file);
  const before = file === undefined ? undefined : readFileSync(file, 'utf8');
  const after = addResources(before, created.toSorted());
  const path = file ?? join(out, 'kustomization.yaml');
  if (after === undefined)
    return [
      loadProblem(
        'NotImported',
        path,
        { line: 1, column: 1 },
        `Its resources cannot be added to: ${created.join(', ')}.`,
      ),
    ];
  if (after !== before) writeOutputFile(path, after);
  return [];
}

/** The licence goes with the rules. */
function keepLicence({ licenceFile }: Checkout, out: string): void {
  if (licenceFile === undefined) return;
  const copy = join(out, basename(licenceFile));
  if (!existsSync(copy)) writing(copy, () => copyFileSync(licenceFile, copy));
}

function countsOf(reasons: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted(([, a], [, b]) => b - a));
}
