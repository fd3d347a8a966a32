import { readFileSync } from 'node:fs';
import type { RuleChoices } from '../../alerts/index.ts';
import {
  type CompiledDocument,
  type CompiledFilter,
  type CompiledRule,
  type CompileOptions,
  compileDocuments,
  type Diagnostic,
  type Severity,
  type SourceText,
  type YamlMapping,
} from '../../sigma/index.ts';
import { readFailure } from '../logs/read-failure.ts';
import { type EmbeddedText, wholeText } from './embedded-text.ts';
import { diagnosticProblem, type LoadProblem, loadProblem } from './load-problem.ts';
import { GROUP, looksLikeManifest, type Manifest, readManifests } from './manifest.ts';
import { findRuleFiles, type RuleFile } from './rule-files.ts';

/** A rule that was found and compiled. */
export interface LoadedRule {
  readonly file: string;
  /** Where it begins in the file, from 1. */
  readonly line: number;
  /** Unique among what was loaded: the DetectionRule's name, else the file; `#2` and so on where that is taken. */
  readonly name: string;
  readonly text: EmbeddedText;
  readonly compiled: CompiledRule;
  /** The document that it was compiled from. */
  readonly root: YamlMapping;
  readonly source: SourceText;
  readonly choices: RuleChoices;
  /** The DetectionRule has `mode: Off`. */
  readonly off: boolean;
  readonly findings: readonly Diagnostic[];
}

export interface LoadedFilter {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly text: EmbeddedText;
  readonly compiled: CompiledFilter;
  readonly findings: readonly Diagnostic[];
}

export interface LoadedRules {
  readonly rules: readonly LoadedRule[];
  readonly filters: readonly LoadedFilter[];
  readonly problems: readonly LoadProblem[];
  /** Files that were read, and of these, those in folders that hold nothing of ours. */
  readonly files: number;
  readonly ignored: number;
}

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
    return {
      rules: this.#rules,
      filters: this.#filters,
      problems: this.#problems,
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
    const [, second] = documents;
    if (manifest !== undefined && second !== undefined && !documents.some(({ kind }) => kind === 'correlation')) {
      const message = `spec.sigma of ${manifest.name} holds ${documents.length} rules.`;
      const place = text.placeOf(second.line, 1);
      this.#problems.push(loadProblem('SeveralRulesInManifest', file, place, message));
    } else {
      if (documents.length === 0) this.#problems.push(noRuleIn(file, 'The file is empty.'));
      for (const document of documents) this.#add(file, text, manifest, document);
    }
  }

  #add(file: string, text: EmbeddedText, manifest: Manifest | undefined, document: CompiledDocument): void {
    const { line } = text.placeOf(document.line, 1);
    switch (document.kind) {
      case 'detection': {
        const { rule: compiled, root, source, findings } = document;
        const { choices = {}, off = false } = manifest ?? {};
        const name = this.#uniqueName(manifest?.name ?? file);
        this.#rules.push({ file, line, name, text, compiled, root, source, choices, off, findings });
        return;
      }
      case 'filter': {
        const name = this.#uniqueName(manifest?.name ?? file);
        this.#filters.push({ file, line, name, text, compiled: document.filter, findings: document.findings });
        return;
      }
      case 'correlation': {
        const message = `The correlation ${JSON.stringify(document.title)} is not run here.`;
        this.#problems.push(loadProblem('CorrelationNotRun', file, { line, column: 1 }, message));
        return;
      }
      case 'refused':
        for (const error of document.errors) this.#problems.push(diagnosticProblem(file, text, error));
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
