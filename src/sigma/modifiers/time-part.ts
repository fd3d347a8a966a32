import { describeKind, type ItemValue, type TimePart } from '../values/item-value.ts';
import { refuseKind, type ValueModifier } from './modifier.ts';

const TAKES = 'a number (without quotes)';

function timePartModifier(part: TimePart): ValueModifier {
  return {
    kind: 'value',
    name: part,
    aliases: [],
    takes: TAKES,
    accepts: ['Number', 'Comparison'],
    apply: (value: ItemValue) =>
      value.kind === 'Number' || value.kind === 'Comparison'
        ? { kind: 'TimePart', part, operand: value }
        : refuseKind(part, TAKES, describeKind(value.kind)),
  };
}

/** A part of the date and time in the field, as it is written there: no time zone is converted. */
export const minute = timePartModifier('minute');
export const hour = timePartModifier('hour');
export const day = timePartModifier('day');
export const week = timePartModifier('week');
export const month = timePartModifier('month');
export const year = timePartModifier('year');
