import { type ComparisonOperator, describeKind, type ItemValue } from '../values/item-value.ts';
import { refuseKind, type ValueModifier } from './modifier.ts';

const TAKES = 'a number (without quotes)';

function comparisonModifier(operator: ComparisonOperator): ValueModifier {
  return {
    kind: 'value',
    name: operator,
    aliases: [],
    takes: TAKES,
    accepts: ['Number', 'TimePart'],
    apply(value: ItemValue) {
      if (value.kind === 'Number') return { kind: 'Comparison', operator, value: value.value };
      if (value.kind === 'TimePart')
        return { ...value, operand: { kind: 'Comparison', operator, value: value.operand.value } };
      return refuseKind(operator, TAKES, describeKind(value.kind));
    },
  };
}

/** The field is a number less than the value; `lte`, `gt` and `gte` likewise. */
export const lt = comparisonModifier('lt');
export const lte = comparisonModifier('lte');
export const gt = comparisonModifier('gt');
export const gte = comparisonModifier('gte');
