import type { RuleDocument } from '../document/rule-document.ts';
import type { Plan } from '../plan/nodes.ts';
import type { Place, SourceText } from '../source-text.ts';
import { findEntry, type YamlMapping } from '../yaml/tree.ts';
import { type Branch, branchesOf } from './branches.ts';
import { type DetectionItem, detectionItems } from './detection-items.ts';
import { type Polarity, polaritiesOf } from './polarity.ts';

/** What was compiled, and the document that it was compiled from. */
export interface LintedDocument {
  readonly kind: 'detection' | 'filter';
  readonly document: RuleDocument;
  readonly plan: Plan;
  /** The document as it stands in the source. */
  readonly root: YamlMapping;
  readonly source: SourceText;
  readonly concernsKubernetesAudit: boolean;
}

/** What lints look at. What several of them need is worked out once, when it is first asked for. */
export class LintSubject {
  readonly kind: LintedDocument['kind'];
  readonly document: RuleDocument;
  readonly plan: Plan;
  readonly root: YamlMapping;
  readonly source: SourceText;
  readonly concernsKubernetesAudit: boolean;
  #items: readonly DetectionItem[] | undefined;
  #itemsByKey: ReadonlyMap<number | undefined, DetectionItem> | undefined;
  #polarities: ReadonlyMap<string, Polarity> | undefined;
  #branches: readonly Branch[] | undefined;

  constructor({ kind, document, plan, root, source, concernsKubernetesAudit }: LintedDocument) {
    this.kind = kind;
    this.document = document;
    this.plan = plan;
    this.root = root;
    this.source = source;
    this.concernsKubernetesAudit = concernsKubernetesAudit;
  }

  /** The items of the detection as they stand in the source. */
  get items(): readonly DetectionItem[] {
    return (this.#items ??= detectionItems(this.root, this.kind));
  }

  /** The ways in which the condition can hold, or, where they are too many, none. */
  get branches(): readonly Branch[] {
    return (this.#branches ??= branchesOf(this.plan));
  }

  /** How the condition uses a selection; undefined where it does not. */
  polarityOf(selection: string): Polarity | undefined {
    return (this.#polarities ??= polaritiesOf(this.plan)).get(selection);
  }

  /** Whether an item widens what the rule sees when it is widened itself. */
  isPositive({ selection, modifiers }: DetectionItem): boolean {
    const polarity = this.polarityOf(selection);
    return modifiers.includes('neq') ? polarity === 'negative' : polarity === 'positive';
  }

  /** The item whose key stands at a place (that of a predicate). */
  itemAt(place: Place): DetectionItem | undefined {
    this.#itemsByKey ??= new Map(this.items.map((item) => [item.key?.start, item]));
    return this.#itemsByKey.get(place.offset);
  }

  placeOf({ start, end }: { readonly start: number; readonly end: number }): Place {
    return this.source.place(start, end);
  }

  /** The value of an attribute of the document. */
  attribute(name: string): YamlMapping['entries'][number]['value'] | undefined {
    return findEntry(this.root, name)?.value;
  }
}
