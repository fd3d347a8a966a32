import type { Limits } from './limits.ts';
import type { Place, SourceText } from './source-text.ts';
import type { TextEdit } from './text-edit.ts';
import { escapeInvisible } from './visible-text.ts';

export type Severity = 'error' | 'warning' | 'information';

/** What is wrong, where, and what to do about it. Plain data. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly remedy: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly offset: number;
  readonly length: number;
  /** The line with carets under the place. */
  readonly excerpt: string;
  /** The place in the document, e.g. `detection.selection.verb|contains`; empty for the whole source. */
  readonly path: string;
  /** Edits of the source that settle it, where there are safe ones (see `Lint`). */
  readonly fix?: readonly TextEdit[] | undefined;
}

interface DiagnosticEntry {
  readonly severity: Severity;
  readonly meaning: string;
  readonly remedy: string;
}

function error(meaning: string, remedy: string): DiagnosticEntry {
  return Object.freeze({ severity: 'error', meaning, remedy });
}

function warning(meaning: string, remedy: string): DiagnosticEntry {
  return Object.freeze({ severity: 'warning', meaning, remedy });
}

/** Every diagnostic that reading and compiling a rule can give (lint findings are listed by `src/sigma/lint`). */
export const DIAGNOSTICS = Object.freeze({
  // The text
  SourceTooLarge: error('The source is longer than the limit.', 'Split the rule, or raise the limit on purpose.'),
  EmptySource: error('The source holds no document.', 'Write a Sigma rule: title, logsource, detection.'),
  InvalidYaml: error('The source is not valid YAML 1.2.', 'Correct the YAML at the marked place.'),
  DuplicateKey: error(
    'A key stands twice in one map.',
    'Remove or rename one of the two; with several conditions on one field use a list or another selection.',
  ),
  InvalidKey: error('A map key is not a plain scalar.', 'Write keys as strings.'),
  UnknownTag: error('A YAML tag is outside the core schema.', 'Remove the tag.'),
  UnknownAlias: error('A YAML alias has no anchor before it.', 'Define the anchor first, or write the value out.'),
  TooComplex: error(
    'The document is nested too deeply or expands to too many nodes.',
    'Write fewer, flatter values; avoid nested aliases.',
  ),
  TooManyDocuments: error('The source holds more documents than the limit.', 'Split the file.'),
  // The document
  NotAMapping: error('A Sigma document must be a map.', 'Start with "title: …".'),
  MissingField: error('A required field is missing.', 'Add the field.'),
  InvalidField: error('A field has a value of the wrong type.', 'Write the value as the specification says.'),
  UnknownLevel: error('The level is none of the specification.', 'Use informational, low, medium, high or critical.'),
  UnusualField: warning(
    'A field differs from what the specification asks; it is not used in matching.',
    'Write the value as the specification says.',
  ),
  InvalidAction: error(
    'The action of a rule collection is unknown.',
    'Use global, reset or repeat, or separate documents without action.',
  ),
  MultipleRoots: error(
    'The source holds more than one rule.',
    'Put each rule into a source of its own; only rules that a correlation of the source refers to may stand beside it.',
  ),
  UnsupportedDocument: error('The kind of this document cannot be compiled here.', 'Use a detection rule here.'),
  // The detection
  InvalidSelection: error(
    'A selection is neither a map nor a list.',
    'Write a map of fields, a list of maps, or a list of keywords.',
  ),
  EmptySelection: error('A selection tests nothing.', 'Add a field or a keyword, or remove the selection.'),
  InvalidItem: error('A field has a value that cannot be compared.', 'Use a scalar or a list of scalars.'),
  NestedMap: error(
    'A field has a map as its value.',
    'Write dotted field names (a.b: value), or an array selector (a[any]:) with "sigma-version: 3".',
  ),
  InvalidSelector: error(
    'An array selector is malformed.',
    'Use [any], [all], [all_or_empty], [none], [N] or [-N]; write a literal bracket as \\[ and \\].',
  ),
  NullInList: warning(
    'null stands in a list of values.',
    'Write null as a selection of its own and join the two in the condition.',
  ),
  EmptyValueList: warning('A list of values is empty; it is read as null.', 'Write null, or add values.'),
  UnusedSelection: warning('No condition uses this selection.', 'Use it in the condition, or remove it.'),
  // Modifiers
  UnknownModifier: error('A modifier does not exist.', 'Use a modifier of the Sigma specification.'),
  ModifierNotApplicable: error('A modifier cannot be applied here.', 'Change the value or the modifiers.'),
  InvalidRegex: error(
    'A regular expression is not in the supported syntax.',
    'Use RE2 syntax: no look-around, no backreferences; anything else of the specification works.',
  ),
  InvalidNetwork: error(
    'A cidr value is not an IPv4 or IPv6 network.',
    'Write address/prefix with no bits set behind the prefix, e.g. 10.0.0.0/8 or fd00::/8.',
  ),
  UnresolvedPlaceholder: error(
    'A placeholder has no values.',
    'Give the placeholder values, or write them out without "expand".',
  ),
  FieldNameTooLong: error('A field name is longer or deeper than the limit.', 'Use the path of a field of the events.'),
  TooManyModifiers: error('A field has more modifiers than the limit.', 'Remove modifiers.'),
  TooManyValues: error('The values of the rule are more, or longer, than the limit.', 'Split the rule.'),
  TooManyVariants: error(
    'One value expands to too many variants.',
    'Split the value, or use fewer placeholders or dashes.',
  ),
  AllWithSingleValue: warning(
    '"all" stands on a single value, where it does nothing.',
    'Remove "all", or give a list.',
  ),
  // The condition
  InvalidCondition: error(
    'A condition is not a string or a list of strings.',
    'Write e.g. "condition: selection and not filter".',
  ),
  EmptyCondition: error('The condition is empty.', 'Name a selection.'),
  ConditionTooLong: error('The condition is longer than the limit.', 'Use patterns such as "1 of selection_*".'),
  ConditionTooDeep: error('The condition is nested too deeply.', 'Remove parentheses.'),
  ConditionTooComplex: error(
    'The conditions refer to more selections than the limit.',
    'Name fewer selections, or join them in one list of maps.',
  ),
  UnexpectedToken: error(
    'The condition has something that does not belong there.',
    'Join selections with and, or, not, "1 of …", "all of …" and parentheses.',
  ),
  UppercaseOperator: error('An operator is in upper case.', 'Write and, or, not, of, them, all in lower case.'),
  UnsupportedQuantifier: error('A quantifier is none of the specification.', 'Use "1 of", "any of" or "all of".'),
  AggregationNotSupported: error(
    'Pipe aggregation is Sigma v1 and was removed from the language.',
    'Write a correlation rule (type: event_count, value_count, temporal, …).',
  ),
  UnknownIdentifier: error('The condition names a selection that does not exist.', 'Name a selection of this rule.'),
  NoMatchingSelection: error(
    'A pattern of the condition matches no selection.',
    'Name the selections accordingly; selections whose names begin with _ are skipped unless the pattern begins with _.',
  ),
  // Correlations
  UnknownCorrelationType: error(
    'The type of a correlation does not exist.',
    'Use event_count, value_count, temporal, temporal_ordered, value_sum, value_avg, value_percentile or value_median.',
  ),
  InvalidTimespan: error(
    'A timespan is not a number and a unit.',
    'Write a whole number above 0 and one of s, m, h, d, w, without a space: 90s, 10m, 24h, 7d.',
  ),
  InvalidCorrelationCondition: error(
    'The condition of a correlation is malformed.',
    'Write a map such as "gte: 10" (gt, gte, lt, lte, eq, neq; several are joined by and; "field" where values are counted).',
  ),
  ConditionNotApplicable: error(
    'The condition does not fit the type of the correlation.',
    'Names joined by and, or, not fit temporal and temporal_ordered; the other types compare a number.',
  ),
  ConditionCannotHold: error(
    'No set of matches can meet the condition of a correlation.',
    'Correct the bounds of the condition.',
  ),
  AbsenceAlone: error(
    'The condition of a correlation can be met without a match of any rule.',
    'Join each "not" by "and" with a rule that must match.',
  ),
  CorrelationTooLarge: error('A correlation is larger than the limits.', 'Split the correlation, or chain several.'),
  UnlistedRule: error(
    'Conditions and aliases of a correlation name rules of its list.',
    'Use the spelling of "rules" (id or name), in aliases the name of a rule, and use every rule of the list.',
  ),
  DuplicateReference: error('A correlation lists a rule twice.', 'List each rule once.'),
  UnresolvedReference: error(
    'A correlation refers to a rule that does not exist.',
    'Give the id or the name of a rule in this source, or of another rule that was accepted.',
  ),
  AmbiguousReference: error(
    'A reference stands for more than one rule.',
    'Give every rule an id and a name of its own, or refer by id.',
  ),
  CyclicReference: error('A correlation refers to itself, directly or through others.', 'Break the cycle.'),
  UngroupedCorrelation: warning(
    'A correlation has no group-by: the matches of all actors and objects count together.',
    'Add group-by, for example user.username.',
  ),
  IncompleteAlias: warning(
    'An alias says nothing about one of the rules; the field of that very name is read there.',
    'Name the field of each rule.',
  ),
  ThresholdAboveLimit: warning(
    'The condition needs more matches in one group than are kept.',
    'Lower the threshold, or chain correlations.',
  ),
  // Filters
  InvalidFilterRules: error(
    'A filter does not say to which rules it applies.',
    'Write "rules: any", or a list of ids or names of rules.',
  ),
  UndeclaredEffect: error(
    'A filter does something else than is declared beside it (spec.effect, by default Remove).',
    'To leave out what is selected write "condition: not selection"; for a filter that keeps only what it selects, and silences everything else, write "effect: KeepOnly" beside its text.',
  ),
  FilterKeeps: warning(
    'The condition of a filter is false when none of its selections matches: it keeps only what it selects, and silences everything else.',
    'To leave out what is selected write "condition: not selection"; a filter that is meant to keep has to say so (effect: KeepOnly).',
  ),
}) satisfies Readonly<Record<string, DiagnosticEntry>>;

export type DiagnosticCode = keyof typeof DIAGNOSTICS;

/** Collects the diagnostics of one source text, up to the limit. */
export class DiagnosticSink {
  readonly source: SourceText;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #limits: Limits;
  #errors = 0;

  constructor(source: SourceText, limits: Limits) {
    this.source = source;
    this.#limits = limits;
  }

  /** Reports `code` at `place`; `message` says the particulars, `remedy` replaces the one of the table. */
  report(code: DiagnosticCode, place: Place, message: string, path = '', remedy?: string): void {
    const entry = DIAGNOSTICS[code];
    if (entry.severity === 'error') this.#errors++;
    if (this.#diagnostics.length >= this.#limits.maxDiagnostics) return;
    this.#diagnostics.push(
      createDiagnostic(
        this.source,
        { code, severity: entry.severity, message, remedy: remedy ?? entry.remedy, path },
        place,
      ),
    );
  }

  /** Gives the findings so far the fixes that there are for them. */
  addFixes(fixOf: (diagnostic: Diagnostic) => readonly TextEdit[] | undefined): void {
    for (const [index, diagnostic] of this.#diagnostics.entries()) {
      const fix = fixOf(diagnostic);
      if (fix !== undefined) this.#diagnostics[index] = Object.freeze({ ...diagnostic, fix });
    }
  }

  /** Adds what a lint found. */
  add(finding: Diagnostic): void {
    if (this.#diagnostics.length < this.#limits.maxDiagnostics) this.#diagnostics.push(finding);
  }

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  get errors(): readonly Diagnostic[] {
    return this.#diagnostics.filter((d) => d.severity === 'error');
  }

  get findings(): readonly Diagnostic[] {
    return this.#diagnostics.filter((d) => d.severity !== 'error');
  }
}

/** Joins a finding with its place in the source. */
export function createDiagnostic(
  source: SourceText,
  what: Pick<Diagnostic, 'code' | 'severity' | 'message' | 'remedy' | 'path' | 'fix'>,
  place: Place,
): Diagnostic {
  const { line, column, offset, length } = place;
  const { fix, ...rest } = what;
  return Object.freeze({
    ...rest,
    ...(fix === undefined ? {} : { fix }),
    message: escapeInvisible(what.message),
    remedy: escapeInvisible(what.remedy),
    path: escapeInvisible(what.path),
    line,
    column,
    offset,
    length,
    excerpt: source.excerpt(place),
  });
}

/** Several lines for people: severity, code and place, the excerpt with its caret, the remedy. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { severity, code, message, remedy, line, column, path, excerpt } = diagnostic;
  const where = path === '' ? `${line}:${column}` : `${line}:${column} (${path})`;
  const indented = excerpt
    .split('\n')
    .map((text) => `  ${text}`)
    .join('\n');
  return `${severity} ${code} at ${where}: ${message}\n${indented}\n  ${remedy}`;
}
