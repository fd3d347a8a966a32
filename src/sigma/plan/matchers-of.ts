import { foldCase } from '../values/fold.ts';
import type { ItemValue, StringTest } from '../values/item-value.ts';
import { isMany, mapLiterals, type StringPart } from '../values/sigma-string.ts';
import type { FieldReference } from './field.ts';
import type { Matcher } from './matcher.ts';

/**
 * The matchers for a list of values of which any may match: values of the same kind share one matcher, in the order of the source.
 */
export function matchersOf(
  values: readonly ItemValue[],
  fieldOf: (name: string) => FieldReference,
): readonly Matcher[] {
  const groups = new Map<string, Matcher[]>();
  for (const value of values) {
    const matcher = matcherOf(value, fieldOf);
    const key = groupKey(matcher);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [matcher]);
    else group.push(matcher);
  }
  return [...groups.values()].flatMap(joinMatchers);
}

/** The matcher for one value. */
function matcherOf(value: ItemValue, fieldOf: (name: string) => FieldReference): Matcher {
  switch (value.kind) {
    case 'String':
      return stringMatcher(value.parts, value.cased);
    case 'Number':
      return { kind: 'Number', values: [value.value] };
    case 'Boolean':
      return { kind: 'Boolean', value: value.value };
    case 'Null':
      return { kind: 'Null' };
    case 'Regex':
      return { kind: 'Regex', patterns: [value.pattern] };
    case 'Network':
      return { kind: 'Network', networks: [value.network] };
    case 'Comparison':
      return { kind: 'Comparison', operator: value.operator, values: [value.value] };
    case 'TimePart': {
      const { operand } = value;
      return {
        kind: 'TimePart',
        part: value.part,
        operand:
          operand.kind === 'Number'
            ? { kind: 'Number', values: [operand.value] }
            : { kind: 'Comparison', operator: operand.operator, values: [operand.value] },
      };
    }
    case 'FieldName':
      return { kind: 'FieldValue', field: fieldOf(value.name), test: value.test, cased: value.cased };
    case 'Exists':
      return { kind: 'Exists', expected: value.expected };
    default:
      return value satisfies never;
  }
}

/** A lone `*` is Present, wildcards at the edges only are edge tests, anything else with wildcards is a pattern. */
function stringMatcher(parts: readonly StringPart[], cased: boolean): Matcher {
  const edge = edgeTest(parts);
  if (edge === 'present') return { kind: 'Present' };
  if (edge !== undefined) {
    const values = [edge.text];
    return { kind: 'String', test: edge.test, cased, values, needles: cased ? values : values.map(foldCase) };
  }
  return { kind: 'Pattern', cased, values: [parts], needles: cased ? [parts] : [mapLiterals(parts, foldCase)] };
}

function edgeTest(
  parts: readonly StringPart[],
): { readonly test: StringTest; readonly text: string } | 'present' | undefined {
  const start = isMany(parts[0]);
  if (start && parts.length === 1) return 'present';
  const end = parts.length > 0 && isMany(parts.at(-1));
  const inner = parts.slice(start ? 1 : 0, end ? -1 : undefined);
  const [text = ''] = inner;
  if (inner.length > 1 || typeof text !== 'string') return undefined;
  if (start) return { test: end ? 'contains' : 'endswith', text };
  return { test: end ? 'startswith' : 'equals', text };
}

/** Matchers with the same key can be joined into one. */
function groupKey(matcher: Matcher): string {
  switch (matcher.kind) {
    case 'String':
      return `String ${matcher.test} ${matcher.cased}`;
    case 'Pattern':
      return `Pattern ${matcher.cased}`;
    case 'Comparison':
      return `Comparison ${matcher.operator}`;
    case 'TimePart':
      return `TimePart ${matcher.part} ${groupKey(matcher.operand)}`;
    default:
      return matcher.kind;
  }
}

/** Joins matchers of one group. */
function joinMatchers(group: readonly Matcher[]): readonly Matcher[] {
  const [first] = group;
  if (first === undefined || group.length === 1) return group;
  switch (first.kind) {
    case 'String': {
      const all = ofKind(group, 'String');
      return [{ ...first, values: all.flatMap((m) => m.values), needles: all.flatMap((m) => m.needles) }];
    }
    case 'Pattern': {
      const all = ofKind(group, 'Pattern');
      return [{ ...first, values: all.flatMap((m) => m.values), needles: all.flatMap((m) => m.needles) }];
    }
    case 'Number':
      return [{ ...first, values: ofKind(group, 'Number').flatMap((m) => m.values) }];
    case 'Comparison':
      return [{ ...first, values: ofKind(group, 'Comparison').flatMap((m) => m.values) }];
    case 'Regex':
      return [{ ...first, patterns: ofKind(group, 'Regex').flatMap((m) => m.patterns) }];
    case 'Network':
      return [{ ...first, networks: ofKind(group, 'Network').flatMap((m) => m.networks) }];
    case 'TimePart': {
      const values = ofKind(group, 'TimePart').flatMap((m) => m.operand.values);
      return [{ ...first, operand: { ...first.operand, values } }];
    }
    case 'Null':
    case 'Present':
      return [first];
    case 'Boolean':
    case 'Exists':
    case 'FieldValue':
      return group;
    default:
      return first satisfies never;
  }
}

function ofKind<K extends Matcher['kind']>(
  group: readonly Matcher[],
  kind: K,
): readonly Extract<Matcher, { kind: K }>[] {
  return group.filter((matcher): matcher is Extract<Matcher, { kind: K }> => matcher.kind === kind);
}
