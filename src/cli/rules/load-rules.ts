import type { RuleChoices } from '../../alerts/index.ts';
import {
  type CompiledDocument,
  type CompiledRule,
  type CompileOptions,
  compileDocuments,
  type DocumentSyntax,
  readDocument,
  SharedParts,
} from '../../sigma/index.ts';
import type { EmbeddedText } from './embedded-text.ts';
import { type CorrelationText, linkCorrelations } from './link-correlations.ts';
import { diagnosticProblem, type LoadProblem, loadProblem } from './load-problem.ts';
import type { LoadedFilter, LoadedRule, LoadedRules } from './loaded.ts';
import { noRuleIn, type RuleText, type RuleTexts, readRuleTexts } from './rule-texts.ts';

/**
 * Loads rules from files and folders: Sigma text, one document or several, and DetectionRule and DetectionFilter manifests, also in lists. What is broken is
 * among the problems, and hurts only itself. Throws a CommandFailure for a path that is not there.
 */
export function loadRules(paths: readonly string[], options: CompileOptions = {}): LoadedRules {
  return loadRulesFor((rule) => rule, paths, options);
}

/** The same for who needs less: `keep` says what of each rule, and the rest is forgotten before the next one is read. */
export function loadRulesFor<Rule>(
  keep: (rule: LoadedRule) => Rule,
  paths: readonly string[],
  options: CompileOptions,
): LoadedRules<Rule> {
  return compileAll(keep, readRuleTexts(paths), options);
}

/** The same from texts that were read before. */
export function compileRuleTexts(files: Iterable<RuleTexts>, options: CompileOptions): LoadedRules {
  return compileAll((rule) => rule, files, options);
}

function compileAll<Rule>(
  keep: (rule: LoadedRule) => Rule,
  files: Iterable<RuleTexts>,
  options: CompileOptions,
): LoadedRules<Rule> {
  const loading = new Loading(keep, options);
  let [count, ignored] = [0, 0];
  for (const file of files) {
    count++;
    if (file.texts.length + file.problems.length === 0) ignored++;
    loading.add(file);
  }
  return { ...loading.finish(), files: count, ignored };
}

/** Public rules in files are longer than what a DetectionRule may hold. */
const LIMITS = { maxSourceBytes: 1024 * 1024 };

class Loading<Rule> {
  readonly #keep: (rule: LoadedRule) => Rule;
  readonly #options: CompileOptions;
  readonly #names = new Set<string>();
  readonly #rules: Rule[] = [];
  /** Rules that stand alone in their source, by their names: correlations of other sources may refer to them. */
  readonly #alone = new Map<string, CompiledRule>();
  readonly #correlations: CorrelationText[] = [];
  readonly #filters: LoadedFilter[] = [];
  readonly #problems: LoadProblem[] = [];

  constructor(keep: (rule: LoadedRule) => Rule, options: CompileOptions) {
    this.#keep = keep;
    this.#options = { limits: LIMITS, shared: new SharedParts(), ...options };
  }

  add({ texts, problems }: RuleTexts): void {
    this.#problems.push(...problems);
    for (const text of texts) this.#compile(text);
  }

  #compile({ file, text, manifest }: RuleText): void {
    const filterEffect = manifest?.filter?.effect;
    const documents = compileDocuments(text.text, { ...this.#options, filterEffect });
    const [first, second] = documents;
    if (first === undefined) return void this.#problems.push(noRuleIn(file, 'The file is empty.'));
    const name = this.#uniqueName(manifest?.name ?? file);
    if (documents.some(({ kind }) => kind === 'correlation')) {
      this.#addCorrelation(file, name, text, manifest, documents);
    } else if (manifest !== undefined && second !== undefined) {
      const message = `spec.sigma of ${manifest.name} holds ${documents.length} rules.`;
      const place = text.placeOf(second.line, 1);
      this.#problems.push(loadProblem('SeveralRulesInManifest', file, place, message));
    } else if (manifest !== undefined && isOtherKind(manifest.kind, first)) {
      const message = `spec.sigma of the ${manifest.kind} ${manifest.name} is a Sigma ${first.kind === 'filter' ? 'filter' : 'rule'}.`;
      this.#problems.push(loadProblem('InvalidManifest', file, text.placeOf(first.line, 1), message));
    } else {
      for (const [index, document] of documents.entries()) {
        this.#add(document, { file, name: index === 0 ? name : this.#uniqueName(name), text, manifest });
      }
      if (second === undefined && first.kind === 'detection') this.#alone.set(name, first.rule);
    }
  }

  finish(): Omit<LoadedRules<Rule>, 'files' | 'ignored'> {
    const { correlations, problems } = linkCorrelations(this.#correlations, this.#alone, this.#options);
    return {
      rules: this.#rules,
      correlations,
      filters: this.#filters,
      problems: [...this.#problems, ...problems],
    };
  }

  #addCorrelation(
    file: string,
    name: string,
    text: EmbeddedText,
    manifest: RuleText['manifest'],
    documents: readonly CompiledDocument[],
  ): void {
    const { choices = {}, off = false } = manifest ?? {};
    const line = text.placeOf(documents.find(({ kind }) => kind === 'correlation')?.line ?? 1, 1).line;
    const parts = documents.flatMap((document, index) =>
      document.kind === 'detection'
        ? [loadedRule(document, { file, name: `${name}/${index + 1}`, text, manifest })]
        : [],
    );
    this.#correlations.push({ file, line, name, text, choices, off, parts });
  }

  #add(document: CompiledDocument, where: Where): void {
    const { file, text, name } = where;
    switch (document.kind) {
      case 'detection':
        this.#rules.push(this.#keep(loadedRule(document, where)));
        return;
      case 'filter': {
        const { filter: compiled, findings } = document;
        const { line } = text.placeOf(document.line, 1);
        const expiresAt = where.manifest?.filter?.expiresAt;
        this.#filters.push({ file, line, name, text, compiled, findings, expiresAt });
        return;
      }
      case 'refused':
        for (const error of document.errors) this.#problems.push(diagnosticProblem(file, text, error));
        return;
      case 'correlation':
        return;
      default:
        document satisfies never;
    }
  }

  #uniqueName(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#names.has(name); count++) name = `${wanted}#${count}`;
    this.#names.add(name);
    return name;
  }
}

function isOtherKind(kind: 'DetectionRule' | 'DetectionFilter', document: CompiledDocument): boolean {
  return document.kind === (kind === 'DetectionRule' ? 'filter' : 'detection');
}

/** Where a document was found. */
interface Where {
  readonly file: string;
  readonly name: string;
  readonly text: EmbeddedText;
  readonly manifest: RuleText['manifest'];
}

const NO_CHOICES: RuleChoices = Object.freeze({});

function loadedRule(document: Extract<CompiledDocument, { kind: 'detection' }>, where: Where): LoadedRule {
  const { rule: compiled, index, findings } = document;
  const { file, name, text, manifest } = where;
  const { line } = text.placeOf(document.line, 1);
  const { choices = NO_CHOICES, off = false } = manifest ?? {};
  const syntax = (): DocumentSyntax => readDocument(text.text, index, LIMITS);
  return { file, line, name, text, compiled, syntax, choices, off, findings };
}
