import { type Random, random, sfc } from '../random.ts';

const SUFFIX = 'bcdfghjklmnpqrstvwxz2456789';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Random numbers, and the texts that a cluster makes of them. */
export interface Texts extends Random {
  readonly hex: (length: number) => string;
  readonly uuid: () => string;
  /** As the API server appends it to a generated name. */
  readonly sfx: (length: number) => string;
  readonly b64: (length: number) => string;
}

export function texts(seed: number): Texts {
  const source = random(sfc(seed));
  const { u32, int } = source;
  const repeat = (length: number, character: () => string): string => {
    let text = '';
    for (let i = 0; i < length; i++) text += character();
    return text;
  };
  const hex = (length: number): string => repeat(length / 2, () => (u32() & 255).toString(16).padStart(2, '0'));
  const uuid = (): string => {
    const a = hex(32);
    const variant = '89ab'.charAt(u32() & 3);
    return `${a.slice(0, 8)}-${a.slice(8, 12)}-4${a.slice(13, 16)}-${variant}${a.slice(17, 20)}-${a.slice(20, 32)}`;
  };
  const sfx = (length: number): string => repeat(length, () => SUFFIX.charAt(int(SUFFIX.length)));
  const b64 = (length: number): string => repeat(length, () => BASE64.charAt(u32() & 63));
  return { ...source, hex, uuid, sfx, b64 };
}
