import { Buffer } from 'node:buffer';
import type { ItemValue } from '../values/item-value.ts';
import { base64Value, encodableBytes } from './base64.ts';
import type { Refusal, ValueModifier } from './modifier.ts';

/** Leading characters that depend on the bytes before the value, by the shift of the value in its group of three bytes. */
const LEADING = [0, 2, 3] as const;
/** Trailing characters that depend on the bytes behind it, by (length + shift) mod 3. */
const TRAILING = [0, 3, 2] as const;

/** The three Base64 forms that a value can have inside a longer encoded text. */
export const base64offset: ValueModifier = {
  kind: 'value',
  name: 'base64offset',
  aliases: [],
  takes: 'a string without wildcards',
  accepts: ['String', 'Number', 'Boolean'],
  apply(value: ItemValue): readonly ItemValue[] | Refusal {
    const bytes = encodableBytes('base64offset', value);
    if (!Buffer.isBuffer(bytes)) return bytes;
    return LEADING.map((leading, shift) => {
      const encoded = Buffer.concat([Buffer.alloc(shift, ' '), bytes]).toString('base64');
      return base64Value(encoded.slice(leading, encoded.length - (TRAILING[(bytes.length + shift) % 3] ?? 0)));
    });
  },
};
