import type { CompiledRule, Logsource } from '../../sigma/index.ts';
import { attackCoverage } from '../attack/attack-coverage.ts';
import { type AttackMatrix, attackMatrix } from '../attack/attack-matrix.ts';
import { type NavigatorLayer, navigatorLayer } from '../attack/navigator-layer.ts';
import { eventCoverage } from '../events/event-coverage.ts';
import type { Operation } from '../resources/operations.ts';
import { type CatalogEntry, documentOf, ruleOf, streamOf, titleOf } from './entry.ts';
import type { RuleCatalog } from './rule-catalog.ts';
import type { CountedIndicator } from './rule-page.ts';
import { operationOf, termOf, watchedOperations } from './watched-terms.ts';

/** A rule on one line. */
export interface RuleListing {
  readonly key: string;
  readonly title: string;
  readonly name?: string;
  readonly file?: string;
  readonly id?: string;
  readonly status?: string;
  readonly level?: string;
  readonly author?: string;
  /** Empty where the rule is broken. */
  readonly logsource: Pick<Logsource, 'product' | 'category' | 'service'>;
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
  /** Whether it compiles. */
  readonly isBroken: boolean;
  /** Whether it counts or relates the matches of other rules; it is about their events then. */
  readonly isCorrelation: boolean;
  readonly isKubernetes: boolean;
  /** Verbs and resources (`cronjobs`, `pods/exec`) that it watches; empty where it constrains none, and for other products. */
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
}

/** An operation and who watches it. */
export interface ActionListing {
  readonly operation: Operation;
  /** Keys of rules that constrain the resource. */
  readonly rules: readonly string[];
}

/** A combination of field, comparison and values, and who looks for it. */
export interface IndicatorListing {
  readonly field: string;
  readonly kind: CountedIndicator['kind'];
  readonly modifiers: readonly string[];
  readonly all: boolean;
  readonly values: CountedIndicator['values'];
  readonly excluded: boolean;
  /** The log source. */
  readonly stream: string;
  /** Keys of the rules, in the order of the catalog. */
  readonly rules: readonly string[];
}

/** Every rule of a catalog, in its order. */
export function listRules(catalog: RuleCatalog): readonly RuleListing[] {
  return catalog.entries().map((entry) => listingOf(entry, catalog));
}

function listingOf(entry: CatalogEntry, catalog: RuleCatalog): RuleListing {
  const { key, name, file } = entry;
  const { result } = entry;
  const document = documentOf(entry);
  const { id, status, level, author, tags = [] } = document ?? {};
  const { product, category, service } = document?.logsource ?? {};
  const { tactics, techniquesWithoutTactic } = attackCoverage(tags);
  const techniques = [...tactics.flatMap((covered) => covered.techniques), ...techniquesWithoutTactic];
  const rules = result.ok
    ? 'rule' in result
      ? [result.rule]
      : result.correlation.sources.map(({ rule }) => rule)
    : [];
  const watched = watchedBy(entry, rules, catalog);
  return {
    key,
    title: titleOf(entry),
    ...(name === undefined ? {} : { name }),
    ...(file === undefined ? {} : { file }),
    ...(id === undefined ? {} : { id }),
    ...(status === undefined ? {} : { status }),
    ...(level === undefined ? {} : { level }),
    ...(author === undefined ? {} : { author }),
    logsource: { product, category, service },
    tactics: tactics.map(({ tactic }) => tactic.shortName),
    techniques: [...new Set(techniques.map((technique) => technique.id))].toSorted(),
    isBroken: document === undefined,
    isCorrelation: result.ok && 'correlation' in result,
    isKubernetes: rules.some(({ appliesToKubernetesAudit }) => appliesToKubernetesAudit),
    verbs: [...new Set(watched.map(({ verb }) => verb))].toSorted(),
    resources: [
      ...new Set(
        watched.map(({ resource, subresource }) => (subresource === '' ? resource : `${resource}/${subresource}`)),
      ),
    ],
  };
}

/** Where a resource is constrained; of a correlation what its rules watch. */
function watchedBy({ key }: CatalogEntry, rules: readonly CompiledRule[], catalog: RuleCatalog): readonly Operation[] {
  const own = catalog.eventsOf(key);
  const all =
    own === undefined
      ? rules.filter((rule) => rule.appliesToKubernetesAudit).map((rule) => eventCoverage(rule))
      : [own];
  return all.flatMap((events) => (events.constrains.resource ? watchedOperations(events) : []));
}

/** Every operation that some rule with a constrained resource watches, by group, resource, subresource and verb. */
export function listActions(catalog: RuleCatalog): readonly ActionListing[] {
  const byTerm = new Map<string, string[]>();
  for (const { key } of catalog.entries()) {
    const events = catalog.eventsOf(key);
    if (events?.constrains.resource !== true) continue;
    for (const term of new Set(watchedOperations(events).map(termOf))) push(byTerm, term, key);
  }
  return [...byTerm]
    .map(([term, rules]) => ({ operation: operationOf(term), rules }))
    .toSorted((a, b) => (sortKey(a.operation) < sortKey(b.operation) ? -1 : 1));
}

function sortKey({ verb, apiGroup, resource, subresource }: Operation): string {
  return [apiGroup, resource, subresource, verb].join(' ');
}

/** Every combination that some rule looks for, most common first; with `field`, only those on that field, in any case. */
export function listIndicators(catalog: RuleCatalog, field?: string): readonly IndicatorListing[] {
  const found = new Map<string, { readonly listing: Omit<IndicatorListing, 'rules'>; readonly rules: string[] }>();
  const wanted = field?.toLowerCase();
  for (const entry of catalog.entries()) {
    const rule = ruleOf(entry);
    if (rule === undefined) continue;
    const stream = streamOf(rule);
    for (const indicator of catalog.indicatorsOf(entry.key)) {
      const names = [indicator.field, ...indicator.paths];
      if (wanted !== undefined && !names.some((name) => name.toLowerCase() === wanted)) continue;
      const { kind, modifiers, all, values, excluded } = indicator;
      const key = `${stream} ${indicator.key}`;
      const listing = { field: indicator.field, kind, modifiers, all, values, excluded, stream };
      const known = found.get(key);
      if (known === undefined) found.set(key, { listing, rules: [entry.key] });
      else known.rules.push(entry.key);
    }
  }
  return [...found.values()]
    .map(({ listing, rules }) => ({ ...listing, rules }))
    .toSorted((a, b) => b.rules.length - a.rules.length);
}

/** The ATT&CK matrix of a catalog's rules. */
export function catalogMatrix(catalog: RuleCatalog): AttackMatrix {
  return attackMatrix(catalog.entries().map((entry) => ({ key: entry.key, tags: documentOf(entry)?.tags ?? [] })));
}

/** The ATT&CK Navigator layer of a catalog's rules. */
export function catalogLayer(catalog: RuleCatalog, name: string, description = ''): NavigatorLayer {
  const titles = new Map(catalog.entries().map((entry) => [entry.key, titleOf(entry)]));
  return navigatorLayer(catalogMatrix(catalog), { name, description, titleOf: (key) => titles.get(key) ?? key });
}

function push(lists: Map<string, string[]>, name: string, key: string): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [key]);
  else list.push(key);
}
