import { all } from './all.ts';
import { base64 } from './base64.ts';
import { base64offset } from './base64offset.ts';
import { cased } from './cased.ts';
import { cidr } from './cidr.ts';
import { gt, gte, lt, lte } from './comparison.ts';
import { contains } from './contains.ts';
import { dotall } from './dotall.ts';
import { endswith } from './endswith.ts';
import { exists } from './exists.ts';
import { expand } from './expand.ts';
import { fieldref } from './fieldref.ts';
import { ignorecase } from './ignorecase.ts';
import type { Modifier } from './modifier.ts';
import { multiline } from './multiline.ts';
import { neq } from './neq.ts';
import { re } from './re.ts';
import { startswith } from './startswith.ts';
import { day, hour, minute, month, week, year } from './time-part.ts';
import { utf16, utf16be, utf16le } from './utf16.ts';
import { windash } from './windash.ts';

const MODIFIERS: readonly Modifier[] = Object.freeze([
  contains,
  startswith,
  endswith,
  all,
  exists,
  cased,
  neq,
  re,
  ignorecase,
  multiline,
  dotall,
  windash,
  base64,
  base64offset,
  utf16le,
  utf16be,
  utf16,
  cidr,
  lt,
  lte,
  gt,
  gte,
  minute,
  hour,
  day,
  week,
  month,
  year,
  expand,
  fieldref,
]);

/** Every modifier by each of its names. */
export const MODIFIER_TABLE: ReadonlyMap<string, Modifier> = new Map(
  MODIFIERS.flatMap((modifier) => [modifier.name, ...modifier.aliases].map((name) => [name, modifier] as const)),
);
