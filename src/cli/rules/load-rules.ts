import { readFileSync } from 'node:fs';
import { type CompiledDocument, type CompileOptions, compileDocuments } from '../../sigma/index.ts';
import { readFailure } from '../logs/read-failure.ts';
import { type EmbeddedText, wholeText } from './embedded-text.ts';
import { type CorrelationText, linkCorrelations } from './link-correlations.ts';
import { diagnosticProblem, type LoadProblem, loadProblem } from './load-problem.ts';
import type { LoadedFilter, LoadedRule, LoadedRules } from './loaded.ts';
import { GROUP, looksLikeManifest, type Manifest, readManifests } from './manifest.ts';
import { findRuleFiles, type RuleFile } from './rule-files.ts';

/**
 * Loads rules from files and folders: Sigma text, one document or several, and DetectionRule and DetectionFilter manifests, also in lists. What is broken is
 * among the problems, and hurts only itself. Throws a CommandFailure for a path that is not there.
 */
export function loadRules(paths: readonly string[], options: CompileOptions = {}): LoadedRules {
  const loading = new Loading(options);
  for (const file of findRuleFiles(paths)) loading.read(file);
  return loading.finish();
}

/** Public rules in files are longer than what a DetectionRule may hold. */
const LIMITS = { maxSourceBytes: 1024 * 1024 };

class Loading {
  readonly #options: CompileOptions;
  readonly #names = new Set<string>();
  readonly #rules: LoadedRule[] = [];
  /** Rules that stand alone in their source, to which correlations of other sources may refer. */
  readonly #alone: LoadedRule[] = [];
  readonly #correlations: CorrelationText[] = [];
  readonly #filters: LoadedFilter[] = [];
  readonly #problems: LoadProblem[] = [];
  #files = 0;
  #ignored = 0;

  constructor(options: CompileOptions) {
    this.#options = { limits: LIMITS, ...options };
  }

  read({ path, named }: RuleFile): void {
    this.#files++;
    const text = readText(path);
    if (looksLikeManifest(text)) this.#readManifests(path, text, named);
    else if (named || looksLikeSigma(text)) this.#compile(path, wholeText(text), undefined);
    else this.#ignored++;
  }

  finish(): LoadedRules {
    const { correlations, problems } = linkCorrelations(this.#correlations, this.#alone, this.#options);
    return {
      rules: this.#rules,
      correlations,
      filters: this.#filters,
      problems: [...this.#problems, ...problems],
      files: this.#files,
      ignored: this.#ignored,
    };
  }

  #readManifests(path: string, text: string, named: boolean): void {
    const { manifests, problems, errors, hasSigma } = readManifests(text);
    const [error] = errors;
    if (hasSigma && manifests.length === 0) return this.#compile(path, wholeText(text), undefined);
    if (error !== undefined && (named || text.includes(GROUP)))
      this.#problems.push(diagnosticProblem(path, wholeText(text), error));
    for (const { message, ...place } of problems)
      this.#problems.push(loadProblem('InvalidManifest', path, place, message));
    if (manifests.length + problems.length + errors.length === 0) {
      if (named) this.#problems.push(noRuleIn(path, 'The file holds Kubernetes objects of other kinds.'));
      else this.#ignored++;
    }
    for (const manifest of manifests) this.#compile(path, manifest.sigma, manifest);
  }

  #compile(file: string, text: EmbeddedText, manifest: Manifest | undefined): void {
    const documents = compileDocuments(text.text, this.#options);
    const [first, second] = documents;
    if (first === undefined) return void this.#problems.push(noRuleIn(file, 'The file is empty.'));
    const name = this.#uniqueName(manifest?.name ?? file);
    if (documents.some(({ kind }) => kind === 'correlation')) {
      this.#addCorrelation(file, name, text, manifest, documents);
    } else if (manifest !== undefined && second !== undefined) {
      const message = `spec.sigma of ${manifest.name} holds ${documents.length} rules.`;
      const place = text.placeOf(second.line, 1);
      this.#problems.push(loadProblem('SeveralRulesInManifest', file, place, message));
    } else {
      for (const [index, document] of documents.entries()) {
        this.#add(document, { file, name: index === 0 ? name : this.#uniqueName(name), text, manifest });
      }
      const rule = this.#rules.at(-1);
      if (second === undefined && first.kind === 'detection' && rule !== undefined) this.#alone.push(rule);
    }
  }

  #addCorrelation(
    file: string,
    name: string,
    text: EmbeddedText,
    manifest: Manifest | undefined,
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
        this.#rules.push(loadedRule(document, where));
        return;
      case 'filter': {
        const { filter: compiled, findings } = document;
        this.#filters.push({ file, line: text.placeOf(document.line, 1).line, name, text, compiled, findings });
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

/** Where a document was found. */
interface Where {
  readonly file: string;
  readonly name: string;
  readonly text: EmbeddedText;
  readonly manifest: Manifest | undefined;
}

function loadedRule(document: Extract<CompiledDocument, { kind: 'detection' }>, where: Where): LoadedRule {
  const { rule: compiled, root, source, findings } = document;
  const { file, name, text, manifest } = where;
  const { line } = text.placeOf(document.line, 1);
  const { choices = {}, off = false } = manifest ?? {};
  return { file, line, name, text, compiled, root, source, choices, off, findings };
}

function noRuleIn(file: string, message: string): LoadProblem {
  return loadProblem('NoRuleInFile', file, { line: 1, column: 1 }, message);
}

/** Whether a file in a folder is a Sigma rule, and not some other YAML. */
function looksLikeSigma(text: string): boolean {
  return /^["']?(?:detection|correlation|filter|logsource)["']?\s*:/m.test(text) || /"detection"\s*:/.test(text);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw readFailure(error, path);
  }
}
