import { type Matcher, printSigmaString, type StringPart } from '../../sigma/index.ts';
import { BUILT_IN_NAMES } from '../resources/operations.ts';
import type { AbstractLeaf, AbstractPlan } from './abstract-plan.ts';
import type { Dimension } from './field-source.ts';
import type { NameSet } from './name-set.ts';
import { type DimensionValue, RESOURCE_VERBS } from './requests.ts';

/** Names between which a rule, and what kube-apiserver logs, makes no difference. */
export interface NameClass {
  readonly names: readonly string[];
  readonly patterns: readonly string[];
  /** Names that neither the rule nor Kubernetes knows belong to it. */
  readonly others: boolean;
  /** One of them. */
  readonly value: DimensionValue;
}

/** Every name of a dimension is in one class. */
export interface NameClasses {
  readonly classes: readonly NameClass[];
  /** The index of the class of a known name. */
  readonly indexOf: ReadonlyMap<string, number>;
}

/** A character of private use, in which no real name has a part. */
const FILLER = '\u{f0000}';
const OTHER = `${FILLER}other name${FILLER}`;

/** Sorts the names of a dimension into classes. */
export function nameClasses(dimension: Dimension, { leaves }: AbstractPlan): NameClasses {
  const own = leaves.filter(({ source }) => source === dimension);
  const groups = new Map<string, { names: string[]; patterns: string[]; others: boolean; value: DimensionValue }>();
  const classOf = (value: DimensionValue): { names: string[]; patterns: string[]; others: boolean } => {
    const key = typeof value === 'string' ? signature(dimension, own, value) : `pattern ${value.pattern}`;
    const found = groups.get(key) ?? { names: [], patterns: [], others: false, value };
    groups.set(key, found);
    return found;
  };
  const names = new Set(KNOWN[dimension]);
  const patterns = new Map<string, DimensionValue>();
  for (const { node } of own) {
    if (node.kind !== 'Predicate') continue;
    for (const name of namesOf(node.matcher)) if (dimension !== 'verb') names.add(name);
    for (const [pattern, value] of patternsOf(node.matcher)) if (dimension !== 'verb') patterns.set(pattern, value);
  }
  // A name that fits one pattern says nothing about what fits several.
  const several = own.filter(({ node }) => node.kind === 'Predicate' && patternsOf(node.matcher).length > 0).length > 1;
  for (const name of names) classOf(name).names.push(name);
  for (const [pattern, value] of patterns) classOf(several ? { pattern } : value).patterns.push(pattern);
  if (dimension !== 'verb') classOf(OTHER).others = true;
  const classes = [...groups.values()];
  return { classes, indexOf: new Map(classes.flatMap((group, i) => group.names.map((name) => [name, i] as const))) };
}

/** The union of some of the classes of a dimension. */
export function unionOf({ classes }: NameClasses, indexes: readonly number[]): NameSet {
  const inside = indexes.flatMap((index) => classes[index] ?? []);
  if (inside.length === classes.length) return { any: true, names: [], patterns: [] };
  const any = inside.some(({ others }) => others);
  const shown = any ? classes.filter((_, index) => !indexes.includes(index)) : inside;
  return {
    any,
    names: shown.flatMap(({ names }) => names).toSorted(),
    patterns: any ? [] : shown.flatMap(({ patterns }) => patterns).toSorted(),
  };
}

const KNOWN: Readonly<Record<Dimension, readonly string[]>> = {
  verb: RESOURCE_VERBS,
  ...BUILT_IN_NAMES,
  namespace: [''],
  username: [],
};

/** What the tests of a dimension say of a name, and what kube-apiserver does differently for it. */
function signature(dimension: Dimension, leaves: readonly AbstractLeaf[], name: string): string {
  return `${leaves.map((leaf) => (leaf.holdsFor(name) ? '1' : '0')).join('')} ${TRAITS[dimension]?.[name] ?? ''}`;
}

/** Names that are logged differently from others: which bodies they have, and whether the requests are long-running. */
const TRAITS: { readonly [D in Dimension]?: Readonly<Record<string, string>> } = {
  verb: {
    create: 'written',
    update: 'written',
    delete: 'written',
    deletecollection: 'written',
    patch: 'patch',
    watch: 'watch',
    proxy: 'proxy',
  },
  subresource: { exec: 'stream', attach: 'stream', portforward: 'stream', proxy: 'stream', log: 'log' },
};

/** The names that a matcher demands whole. */
function namesOf(matcher: Matcher): readonly string[] {
  switch (matcher.kind) {
    case 'String':
      return matcher.test === 'equals' ? matcher.needles : [];
    case 'Number':
      return matcher.values.map(String);
    case 'Boolean':
      return [String(matcher.value)];
    default:
      return [];
  }
}

/** The patterns of a matcher, each with a name that fits it where one can be made up. */
function patternsOf(matcher: Matcher): readonly (readonly [string, DimensionValue])[] {
  switch (matcher.kind) {
    case 'String': {
      if (matcher.test === 'equals') return [];
      const { before, after } = EDGES[matcher.test];
      const fit = (needle: string): string => `${before && FILLER}${needle}${after && FILLER}`;
      return matcher.needles.map((needle) => [`${before}${needle}${after}`, fit(needle)]);
    }
    case 'Pattern':
      return matcher.needles.map((parts) => [printSigmaString(parts), fitting(parts)]);
    case 'Regex':
      return matcher.patterns.map(({ source }) => [`/${source}/`, { pattern: source }]);
    case 'Network':
      return matcher.networks.map(({ text }) => [text, { pattern: text }]);
    case 'Comparison':
      return matcher.values.map((value) => [
        `${matcher.operator} ${value}`,
        { pattern: `${matcher.operator} ${value}` },
      ]);
    default:
      return [];
  }
}

const EDGES = {
  startswith: { before: '', after: '*' },
  endswith: { before: '*', after: '' },
  contains: { before: '*', after: '*' },
} as const;

function fitting(parts: readonly StringPart[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.wildcard === 'one' ? 'x' : FILLER)).join('');
}
