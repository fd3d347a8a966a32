import { RuleCatalog, type RuleSource } from '../../catalog/index.ts';
import { type CompileOptions, compileDocuments } from '../../sigma/index.ts';
import { CommandFailure } from '../failure.ts';
import { problemText } from '../output/problems.ts';
import type { Output } from '../output/terminal.ts';
import type { LoadProblem } from '../rules/load-problem.ts';
import { readPlaceholders } from '../rules/placeholders.ts';
import type { RuleSelection } from '../rules/rule-options.ts';
import type { RuleText } from '../rules/rule-texts.ts';
import { selectRuleTexts } from '../rules/select-rules.ts';

/** A catalog, and what could not come into it. */
export interface LoadedCatalog {
  readonly catalog: RuleCatalog;
  /** Rules that are in it, but do not compile. */
  readonly broken: number;
  /** Correlations, which have no page. */
  readonly correlations: number;
  readonly problems: readonly LoadProblem[];
}

/** Public rules in files are longer than what a DetectionRule may hold. */
const LIMITS = { maxSourceBytes: 1024 * 1024 };

/**
 * The catalog of the selected rules, and of those at `more` paths. Without a file of placeholders each stands for itself (`%admins%`): a page can be made
 * before anybody has said who the admins are. Throws a CommandFailure.
 */
export async function loadCatalog(selection: RuleSelection, more: readonly string[] = []): Promise<LoadedCatalog> {
  const files = await selectRuleTexts(selection, more);
  const placeholders =
    selection.placeholders === undefined ? (name: string) => [`%${name}%`] : readPlaceholders(selection.placeholders);
  const catalog = new RuleCatalog();
  let [broken, correlations] = [0, 0];
  for (const text of files.flatMap(({ texts }) => texts)) {
    for (const found of sourcesIn(text, { limits: LIMITS, placeholders })) {
      if (found === 'correlation') correlations++;
      else {
        catalog.add(found);
        if (found.result?.ok === false) broken++;
      }
    }
  }
  if (catalog.size === 0) {
    const place = selection.cluster ? 'the cluster' : [...more, ...selection.rules].join(', ');
    throw new CommandFailure('NoRules', place);
  }
  return { catalog, broken, correlations, problems: files.flatMap(({ problems }) => problems) };
}

/** Says what is missing from a catalog, or broken in it. */
export function reportGaps({ broken, correlations, problems, catalog }: LoadedCatalog, err: Output): void {
  for (const problem of problems) err.write(problemText(problem, err.style));
  if (broken > 0)
    err.write(
      `${err.style.yellow('warning')} ${broken} of ${catalog.size} rules are refused and take no part in counts; sigma-operator lint says why.\n`,
    );
  if (correlations > 0)
    err.write(`${err.style.dim(`${correlations} correlations have no page; rules that stand beside them do.`)}\n`);
}

function* sourcesIn(
  { file, text, manifest }: RuleText,
  options: CompileOptions,
): Generator<RuleSource | 'correlation'> {
  const origin = {
    ...(manifest === undefined ? {} : { name: manifest.name }),
    file,
    source: text.text,
    ...(manifest === undefined ? {} : { choices: choicesOf(manifest) }),
  };
  for (const document of compileDocuments(text.text, options)) {
    if (document.kind === 'detection')
      yield { ...origin, result: { ok: true, rule: document.rule, findings: document.findings } };
    else if (document.kind === 'refused') yield { ...origin, result: { ok: false, errors: document.errors } };
    else if (document.kind === 'correlation') yield 'correlation';
  }
}

function choicesOf({ choices, off }: NonNullable<RuleText['manifest']>): NonNullable<RuleSource['choices']> {
  const { severity, outcome, dryRun } = choices;
  return {
    ...(off ? { mode: 'Off' } : {}),
    ...(severity === undefined ? {} : { severity }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(dryRun === undefined ? {} : { dryRun }),
  };
}
