import { Buffer } from 'node:buffer';
import { asString, describeKind, type ItemValue, type StringValue } from '../values/item-value.ts';
import { literalText } from '../values/sigma-string.ts';
import { type Refusal, refuse, refuseKind, type ValueModifier } from './modifier.ts';

const TAKES = 'a string without wildcards';

/** The Base64 form of the value (of its UTF-8 bytes, or of the bytes that a UTF-16 modifier made); compared with regard to case. */
export const base64: ValueModifier = {
  kind: 'value',
  name: 'base64',
  aliases: [],
  takes: TAKES,
  accepts: ['String', 'Number', 'Boolean'],
  apply(value: ItemValue): ItemValue | Refusal {
    const bytes = encodableBytes('base64', value);
    return Buffer.isBuffer(bytes) ? base64Value(bytes.toString('base64')) : bytes;
  },
};

/** The bytes of a value to encode, or a refusal where it has wildcards. */
export function encodableBytes(modifier: string, value: ItemValue): Buffer | Refusal {
  if (value.kind !== 'String' && value.kind !== 'Number' && value.kind !== 'Boolean')
    return refuseKind(modifier, TAKES, describeKind(value.kind));
  const { parts, bytes } = asString(value);
  const text = literalText(parts);
  if (text === undefined) {
    return refuse(
      'ModifierNotApplicable',
      `The modifier ${modifier} cannot encode wildcards.`,
      'Escape literal * and ? as \\* and \\?; put contains after the encoding.',
    );
  }
  return Buffer.from(text, bytes ? 'latin1' : 'utf8');
}

/** A Base64 text: another case is another text. */
export function base64Value(text: string): StringValue {
  return { kind: 'String', parts: text === '' ? [] : [text], raw: text, cased: true, bytes: false };
}
