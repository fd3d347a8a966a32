import type { RuleChoices } from '../../alerts/index.ts';
import type {
  CompiledCorrelation,
  CompiledFilter,
  CompiledRule,
  Diagnostic,
  DocumentSyntax,
} from '../../sigma/index.ts';
import type { EmbeddedText } from './embedded-text.ts';
import type { LoadProblem } from './load-problem.ts';

interface Loaded {
  readonly file: string;
  /** Where it begins in the file, from 1. */
  readonly line: number;
  /** Unique among what was loaded: the DetectionRule's name, else the file; `#2` and so on where that is taken. */
  readonly name: string;
  readonly text: EmbeddedText;
  readonly findings: readonly Diagnostic[];
}

interface Chosen {
  readonly choices: RuleChoices;
  /** The DetectionRule has `mode: Off`. */
  readonly off: boolean;
}

/** A rule that was found and compiled. */
export interface LoadedRule extends Loaded, Chosen {
  readonly compiled: CompiledRule;
  /** Reads the document that it was compiled from once more. */
  readonly syntax: () => DocumentSyntax;
}

/** A correlation, with the rules that stand beside it in its source and are its parts. */
export interface LoadedCorrelation extends Loaded, Chosen {
  readonly compiled: CompiledCorrelation;
  readonly parts: readonly LoadedRule[];
}

export interface LoadedFilter extends Loaded {
  readonly compiled: CompiledFilter;
  /** Requests from then on are not filtered; milliseconds since the epoch. */
  readonly expiresAt: number | undefined;
}

/** @typeParam Rule what is kept of each rule */
export interface LoadedRules<Rule = LoadedRule> {
  readonly rules: readonly Rule[];
  readonly correlations: readonly LoadedCorrelation[];
  readonly filters: readonly LoadedFilter[];
  readonly problems: readonly LoadProblem[];
  /** Files that were read, and of these, those in folders that hold nothing of ours. */
  readonly files: number;
  readonly ignored: number;
}
