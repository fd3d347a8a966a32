import { asString, describeKind } from '../values/item-value.ts';
import { refuseKind, type ValueModifier } from './modifier.ts';

const TAKES = 'a string';

/** Compare with regard to case. */
export const cased: ValueModifier = {
  kind: 'value',
  name: 'cased',
  aliases: [],
  takes: TAKES,
  accepts: ['String', 'Number', 'Boolean', 'FieldName', 'Regex'],
  apply(value) {
    switch (value.kind) {
      case 'String':
      case 'Number':
      case 'Boolean':
        return { ...asString(value), cased: true };
      case 'FieldName':
        return { ...value, cased: true };
      case 'Regex':
        return value;
      default:
        return refuseKind('cased', TAKES, describeKind(value.kind));
    }
  },
};
