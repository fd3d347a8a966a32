import {
  type ElementsNode,
  type FieldReference,
  joinParts,
  MANY,
  type Matcher,
  pathNames,
  printSigmaString,
  type StringPart,
} from '../../sigma/index.ts';
import type { ItemNode } from './item-nodes.ts';

/** How an indicator compares a field with its values. `eq` where no modifier says otherwise. */
type ComparisonKind =
  | 'eq'
  | 'contains'
  | 'startswith'
  | 'endswith'
  | 're'
  | 'cidr'
  | 'exists'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'fieldref'
  | 'keyword';

/** A line of a detection: a field, how it is compared, and with what. Plain data. */
export interface DetectionItem {
  /** The field as events have it: the mapped path, or the name of the rule where it is mapped to several. Empty for keywords. */
  readonly field: string;
  /** The paths that are read, after mapping; empty for keywords. */
  readonly paths: readonly string[];
  readonly kind: ComparisonKind;
  /** The modifiers as written. */
  readonly modifiers: readonly string[];
  /** Every value must match instead of any. */
  readonly all: boolean;
  /** As one would write them in a rule under these modifiers, null for null; values that modifiers encoded or expanded are in their final form. */
  readonly values: readonly (string | null)[];
  /** From 1, of the rule's source. */
  readonly line: number;
}

/** Describes the predicates of one line, one item for each field that they read: a value mapping may have moved some to another. */
export function detectionItems(nodes: readonly ItemNode[], within = ''): readonly DetectionItem[] {
  const byField = Map.groupBy(nodes, (node) => (node.kind === 'Keyword' ? '' : JSON.stringify(node.field)));
  return [...byField.values()].flatMap((group) => describe(group, within) ?? []);
}

function describe(nodes: readonly ItemNode[], within: string): DetectionItem | undefined {
  const [first] = nodes;
  if (first === undefined) return undefined;
  const { modifiers } = first.item;
  const paths = first.kind === 'Keyword' ? [] : namesOf(first.field).map((name) => under(within, name));
  const [only] = paths;
  const named = first.kind === 'Keyword' ? '' : under(within, first.field.name);
  return {
    field: paths.length === 1 && only !== undefined ? only : named,
    paths,
    kind: first.kind === 'Keyword' ? 'keyword' : kindOf(modifiers),
    modifiers,
    all: modifiers.includes('all'),
    values: [
      ...new Set(
        nodes.flatMap(({ matcher }) =>
          valuesOf(matcher, first.kind === 'Keyword' ? [...modifiers, 'contains'] : modifiers),
        ),
      ),
    ],
    line: first.place.line,
  };
}

const KINDS: readonly ComparisonKind[] = [
  'contains',
  'startswith',
  'endswith',
  're',
  'cidr',
  'exists',
  'lt',
  'lte',
  'gt',
  'gte',
  'fieldref',
];

function kindOf(modifiers: readonly string[]): ComparisonKind {
  // `fieldref|startswith` compares with a field first of all.
  if (modifiers.includes('fieldref')) return 'fieldref';
  return KINDS.find((kind) => modifiers.includes(kind)) ?? 'eq';
}

function namesOf(field: FieldReference): readonly string[] {
  return field.path.segments.length === 0 && field.mapped.length === 0 ? [''] : pathNames(field);
}

function under(within: string, name: string): string {
  return [within, name].filter((part) => part !== '').join('.');
}

/** The path of the array, with its quantifier, for what is inside of an array selector. */
export function elementsPath(node: ElementsNode, within: string): string {
  return `${under(within, pathNames(node.field).join(' or '))}[${node.quantifier}]`;
}

function valuesOf(matcher: Matcher, modifiers: readonly string[]): readonly (string | null)[] {
  switch (matcher.kind) {
    case 'String':
      return matcher.values.map((value) => written(partsOf(value, matcher.test), modifiers));
    case 'Pattern':
      return matcher.values.map((parts) => written(parts, modifiers));
    case 'Number':
    case 'Comparison':
      return matcher.values.map(String);
    case 'Boolean':
      return [String(matcher.value)];
    case 'Null':
      return [null];
    case 'Present':
      return ['*'];
    case 'Exists':
      return [String(matcher.expected)];
    case 'Regex':
      return matcher.patterns.map(({ source }) => source);
    case 'Network':
      return matcher.networks.map(({ text }) => text);
    case 'TimePart':
      return matcher.operand.values.map(String);
    case 'FieldValue':
      return [matcher.field.name];
    default:
      return matcher satisfies never;
  }
}

const EDGES = {
  equals: [false, false],
  startswith: [false, true],
  endswith: [true, false],
  contains: [true, true],
} as const;

function partsOf(value: string, test: keyof typeof EDGES): readonly StringPart[] {
  const [before, after] = EDGES[test];
  return joinParts([...(before ? [MANY] : []), value, ...(after ? [MANY] : [])]);
}

/** A value as it stands behind its modifiers, which add the wildcards at the edges themselves; keywords are found anywhere. */
function written(parts: readonly StringPart[], modifiers: readonly string[]): string {
  const contains = modifiers.includes('contains');
  const before = contains || modifiers.includes('endswith');
  const after = contains || modifiers.includes('startswith');
  const from = before && isMany(parts[0]) ? 1 : 0;
  const to = after && parts.length > from && isMany(parts.at(-1)) ? -1 : undefined;
  const inner = parts.slice(from, to);
  return inner.length === 0 && parts.length > 0 ? '*' : printSigmaString(inner);
}

function isMany(part: StringPart | undefined): boolean {
  return typeof part === 'object' && part.wildcard === 'many';
}
