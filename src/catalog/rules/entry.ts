import type { CompiledRule, CompileResult } from '../../sigma/index.ts';

/** A rule as it comes into the catalog, from a folder or from a cluster. */
export interface RuleSource {
  /** The name of the DetectionRule. */
  readonly name?: string;
  /** Where the text is from, for people. */
  readonly file?: string;
  /** The Sigma text, unchanged. */
  readonly source: string;
  /** What became of it, where it is compiled already. */
  readonly result?: CompileResult;
  readonly choices?: RuleChoices;
}

/** Operational choices of a DetectionRule, which stand beside its Sigma text. */
export interface RuleChoices {
  readonly mode?: string;
  readonly severity?: string;
  readonly outcome?: readonly string[];
  readonly dryRun?: string;
}

/** A rule in the catalog. */
export interface CatalogEntry extends RuleSource {
  /** Unique in the catalog: name, else file, with a number behind it where that is taken. */
  readonly key: string;
  readonly result: CompileResult;
}

/** The rule of an entry that compiles. */
export function ruleOf({ result }: CatalogEntry): CompiledRule | undefined {
  return result.ok ? result.rule : undefined;
}

/** What makes entries copies of one rule: its id in any case; without one, an entry is its own rule. */
export function identityOf(entry: CatalogEntry): string {
  const id = ruleOf(entry)?.document.id;
  return id === undefined ? `entry ${entry.key}` : `id ${id.toLowerCase()}`;
}

/** What a page calls an entry: its title, or where it is from. */
export function titleOf(entry: CatalogEntry): string {
  return ruleOf(entry)?.document.title ?? entry.key;
}

/** The stream of events that a rule is about. Both spellings of Kubernetes audit (with and without category) are one stream. */
export function streamOf({ appliesToKubernetesAudit, document }: CompiledRule): string {
  if (appliesToKubernetesAudit) return 'kubernetes/audit';
  const { category, product, service } = document.logsource;
  return JSON.stringify(
    [category, product, service].map((name) => (name ?? '').trim().toLowerCase().replaceAll(' ', '_')),
  );
}
