import type { CompiledCorrelation, CompiledRule, CompileResult, Diagnostic, RuleDocument } from '../../sigma/index.ts';

/** A rule as it comes into the catalog, from a folder or from a cluster. */
export interface RuleSource {
  /** The name of the DetectionRule. */
  readonly name?: string;
  /** Where the text is from, for people. */
  readonly file?: string;
  /** The Sigma text, unchanged. */
  readonly source: string;
  /** What became of it, where it is compiled already. */
  readonly result?: SourceResult;
  readonly choices?: RuleChoices;
}

/** A rule, a correlation with the rules that it refers to, or why it is neither. */
export type SourceResult = CompileResult | CorrelationResult;

export interface CorrelationResult {
  readonly ok: true;
  readonly correlation: CompiledCorrelation;
  readonly findings: readonly Diagnostic[];
}

/** Operational choices of a DetectionRule, which stand beside its Sigma text. */
export interface RuleChoices {
  readonly mode?: string;
  readonly severity?: string;
  readonly outcome?: readonly string[];
  readonly dryRun?: string;
}

/** A rule or a correlation in the catalog. */
export interface CatalogEntry extends RuleSource {
  /** Unique in the catalog: name, else file, with a number behind it where that is taken. */
  readonly key: string;
  readonly result: SourceResult;
}

/** The rule of an entry that compiles and is no correlation. */
export function ruleOf({ result }: CatalogEntry): CompiledRule | undefined {
  return result.ok && 'rule' in result ? result.rule : undefined;
}

/** What an entry says of itself, where it compiles. */
export function documentOf({ result }: CatalogEntry): RuleDocument | undefined {
  if (!result.ok) return undefined;
  return 'rule' in result ? result.rule.document : result.correlation.document;
}

/** What makes entries copies of one rule: its id in any case; without one, an entry is its own rule. */
export function identityOf(entry: CatalogEntry): string {
  const id = documentOf(entry)?.id;
  return id === undefined ? `entry ${entry.key}` : `id ${id.toLowerCase()}`;
}

/** What a page calls an entry: its title, or where it is from. */
export function titleOf(entry: CatalogEntry): string {
  return documentOf(entry)?.title ?? entry.key;
}

/** The stream of events that a rule is about. Both spellings of Kubernetes audit (with and without category) are one stream. */
export function streamOf({ appliesToKubernetesAudit, document }: CompiledRule): string {
  if (appliesToKubernetesAudit) return 'kubernetes/audit';
  const { category, product, service } = document.logsource;
  return JSON.stringify(
    [category, product, service].map((name) => (name ?? '').trim().toLowerCase().replaceAll(' ', '_')),
  );
}
