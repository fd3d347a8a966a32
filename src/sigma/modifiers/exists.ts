import { describeKind } from '../values/item-value.ts';
import { refuseKind, type ValueModifier } from './modifier.ts';

const TAKES = 'true or false';

/** The field is there (null and the empty string included), or is not. */
export const exists: ValueModifier = {
  kind: 'value',
  name: 'exists',
  aliases: [],
  takes: TAKES,
  accepts: ['Boolean'],
  alone: true,
  apply: (value) =>
    value.kind === 'Boolean'
      ? { kind: 'Exists', expected: value.value }
      : refuseKind('exists', TAKES, describeKind(value.kind)),
};
