import type { YamlScalar } from '../yaml/tree.ts';
import type { Network } from './network.ts';
import type { RegexPattern } from './regex.ts';
import { parseSigmaString, type StringPart } from './sigma-string.ts';

/** A value of a detection item on its way through the modifiers. */
export type ItemValue =
  | StringValue
  | NumberValue
  | BooleanValue
  | NullValue
  | RegexValue
  | NetworkValue
  | ComparisonValue
  | TimePartValue
  | FieldNameValue
  | ExistsValue;

export type ItemValueKind = ItemValue['kind'];

export interface StringValue {
  readonly kind: 'String';
  readonly parts: readonly StringPart[];
  /** As it stands in the YAML, for modifiers that do not know wildcards. */
  readonly raw: string;
  readonly cased: boolean;
  /** Each character of the literals is one byte (after the UTF-16 modifiers). */
  readonly bytes: boolean;
}

export interface NumberValue {
  readonly kind: 'Number';
  readonly value: number;
  readonly text: string;
}

export interface BooleanValue {
  readonly kind: 'Boolean';
  readonly value: boolean;
}

interface NullValue {
  readonly kind: 'Null';
}

interface RegexValue {
  readonly kind: 'Regex';
  readonly pattern: RegexPattern;
}

interface NetworkValue {
  readonly kind: 'Network';
  readonly network: Network;
}

export type ComparisonOperator = 'lt' | 'lte' | 'gt' | 'gte';

interface ComparisonValue {
  readonly kind: 'Comparison';
  readonly operator: ComparisonOperator;
  readonly value: number;
}

export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

interface TimePartValue {
  readonly kind: 'TimePart';
  readonly part: TimePart;
  readonly operand: NumberValue | ComparisonValue;
}

export type StringTest = 'equals' | 'startswith' | 'endswith' | 'contains';

interface FieldNameValue {
  readonly kind: 'FieldName';
  readonly name: string;
  readonly test: StringTest;
  readonly cased: boolean;
}

interface ExistsValue {
  readonly kind: 'Exists';
  readonly expected: boolean;
}

/** The value of a YAML scalar; strings are parsed for wildcards. */
export function itemValue(scalar: YamlScalar): ItemValue {
  const { value, text } = scalar;
  if (value === null) return { kind: 'Null' };
  if (typeof value === 'number') return { kind: 'Number', value, text };
  if (typeof value === 'boolean') return { kind: 'Boolean', value };
  return stringValue(value);
}

export function stringValue(raw: string): StringValue {
  return { kind: 'String', parts: parseSigmaString(raw), raw, cased: false, bytes: false };
}

/** A string, or the text of a number or boolean, which string modifiers treat as strings. */
export function asString(value: StringValue | NumberValue | BooleanValue): StringValue {
  if (value.kind === 'String') return value;
  return stringValue(value.kind === 'Number' ? value.text : String(value.value));
}

/** What to call a value in a message. */
export function describeKind(kind: ItemValueKind): string {
  switch (kind) {
    case 'Null':
      return 'null';
    case 'Regex':
      return 'a regular expression';
    case 'Network':
      return 'a network';
    case 'TimePart':
      return 'a time part';
    case 'FieldName':
      return 'a field name';
    case 'Exists':
      return 'an existence test';
    default:
      return `a ${kind.toLowerCase()}`;
  }
}
