import { describeKind } from '../values/item-value.ts';
import { literalText } from '../values/sigma-string.ts';
import { refuseKind, type ValueModifier } from './modifier.ts';

const TAKES = 'the name of a field';

/** The field equals another field of the same event; false where either is missing. */
export const fieldref: ValueModifier = {
  kind: 'value',
  name: 'fieldref',
  aliases: [],
  takes: TAKES,
  accepts: ['String'],
  first: true,
  apply(value) {
    const name = value.kind === 'String' ? literalText(value.parts) : undefined;
    if (value.kind !== 'String' || name === undefined || name === '') {
      return refuseKind('fieldref', TAKES, value.kind === 'String' ? 'a pattern' : describeKind(value.kind));
    }
    return { kind: 'FieldName', name, test: 'equals', cased: value.cased };
  },
};
