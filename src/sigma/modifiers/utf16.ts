import { Buffer } from 'node:buffer';
import { asString, describeKind, type ItemValue } from '../values/item-value.ts';
import { joinParts, mapLiterals } from '../values/sigma-string.ts';
import { type Refusal, refuseKind, type ValueModifier } from './modifier.ts';

const TAKES = 'a string';

function encodingModifier(
  name: string,
  aliases: readonly string[],
  prefix: string,
  encode: (text: string) => Buffer,
): ValueModifier {
  return {
    kind: 'value',
    name,
    aliases,
    takes: TAKES,
    accepts: ['String', 'Number', 'Boolean'],
    apply(value: ItemValue): ItemValue | Refusal {
      if (value.kind !== 'String' && value.kind !== 'Number' && value.kind !== 'Boolean')
        return refuseKind(name, TAKES, describeKind(value.kind));
      const string = asString(value);
      const parts = mapLiterals(string.parts, (text) => encode(text).toString('latin1'));
      return { ...string, parts: joinParts([prefix, ...parts]), cased: true, bytes: true };
    },
  };
}

function bigEndian(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

function littleEndian(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

/** The UTF-16LE bytes of the value; `wide` is the same. Usually followed by a Base64 modifier. */
export const utf16le = encodingModifier('utf16le', ['wide'], '', littleEndian);

/** The UTF-16BE bytes of the value. */
export const utf16be = encodingModifier('utf16be', [], '', bigEndian);

/** The byte order mark FF FE and the UTF-16LE bytes of the value. */
export const utf16 = encodingModifier('utf16', [], '\u00ff\u00fe', littleEndian);
