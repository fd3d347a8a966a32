import { type DecodedLine, decodeAuditValue } from './decode-line.ts';
import { addType } from './event-shape.ts';

const LIST_START = Buffer.from('{"kind":"EventList"');
const OPEN_BRACKET = 0x5b;

/** Whether a line is, by its beginning, a list of events in the form that the webhook backend sends, or a JSON array. */
export function startsList(line: Buffer): boolean {
  if (line[0] === OPEN_BRACKET) return true;
  // The last byte first: a single event begins almost so.
  for (let at = LIST_START.length - 1; at >= 0; at--) if (line[at] !== LIST_START[at]) return false;
  return true;
}

/**
 * The events of an `EventList`, whose items leave out their kind and apiVersion, or of a JSON array. `undefined` for anything else.
 */
export function decodeAuditList(line: Buffer): readonly DecodedLine[] | undefined {
  const list = parseList(line);
  if (list === undefined) return undefined;
  return list.items.map((item) => decodeAuditValue(addType(item, list.apiVersion)));
}

function parseList(
  line: Buffer,
): { readonly items: readonly unknown[]; readonly apiVersion: string | undefined } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
  if (Array.isArray(value)) return { items: value, apiVersion: undefined };
  if (typeof value !== 'object' || value === null || !('items' in value) || !Array.isArray(value.items))
    return undefined;
  const apiVersion = 'apiVersion' in value && typeof value.apiVersion === 'string' ? value.apiVersion : undefined;
  return { items: value.items, apiVersion };
}
