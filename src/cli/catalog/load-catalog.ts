import { RuleCatalog, type RuleSource, type SourceResult } from '../../catalog/index.ts';
import { compileDocuments } from '../../sigma/index.ts';
import { CommandFailure } from '../failure.ts';
import { problemText } from '../output/problems.ts';
import type { Output } from '../output/terminal.ts';
import type { LoadProblem } from '../rules/load-problem.ts';
import { readPlaceholders } from '../rules/placeholders.ts';
import type { RuleSelection } from '../rules/rule-options.ts';
import type { RuleText } from '../rules/rule-texts.ts';
import { selectRuleTexts } from '../rules/select-rules.ts';
import { type CompiledText, correlationsIn } from './correlations.ts';

/** A catalog, and what could not come into it. */
export interface LoadedCatalog {
  readonly catalog: RuleCatalog;
  /** Rules that are in it, but do not compile. */
  readonly broken: number;
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
  const options = { limits: LIMITS, placeholders };
  const texts = files.flatMap((file) => file.texts);
  const compiled = texts.map((text) => ({ text, documents: compileDocuments(text.text.text, options) }));
  const correlations = correlationsIn(compiled, options);
  for (const one of compiled) for (const source of sourcesIn(one, correlations)) catalog.add(source);
  const broken = catalog.entries().filter(({ result }) => !result.ok).length;
  if (catalog.size === 0) {
    const place = selection.cluster ? 'the cluster' : [...more, ...selection.rules].join(', ');
    throw new CommandFailure('NoRules', place);
  }
  return { catalog, broken, problems: files.flatMap(({ problems }) => problems) };
}

/** Says what is missing from a catalog, or broken in it. */
export function reportGaps({ broken, problems, catalog }: LoadedCatalog, err: Output): void {
  for (const problem of problems) err.write(problemText(problem, err.style));
  if (broken > 0)
    err.write(
      `${err.style.yellow('warning')} ${broken} of ${catalog.size} rules are refused and take no part in counts; sigma-operator lint says why.\n`,
    );
}

/** A correlation comes before the rules that stand beside it: a name or a file that they share is its own first. */
function* sourcesIn(
  { text: whole, documents }: CompiledText,
  correlations: ReadonlyMap<RuleText, SourceResult>,
): Generator<RuleSource> {
  const { file, text, manifest } = whole;
  const correlation = correlations.get(whole);
  const origin = {
    ...(manifest === undefined ? {} : { name: manifest.name }),
    file,
    source: text.text,
    ...(manifest === undefined ? {} : { choices: choicesOf(manifest) }),
  };
  if (correlation !== undefined) yield { ...origin, result: correlation };
  for (const document of documents) {
    if (document.kind === 'detection')
      yield { ...origin, result: { ok: true, rule: document.rule, findings: document.findings } };
    else if (document.kind === 'refused') yield { ...origin, result: { ok: false, errors: document.errors } };
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
