import { foldCase } from '../../sigma/index.ts';
import type { DetectionItem } from './detection-item.ts';

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['wide', 'utf16le'],
  ['ignorecase', 'i'],
  ['multiline', 'm'],
  ['dotall', 's'],
]);

/** Modifiers that the key has in another form. */
const ELSEWHERE: ReadonlySet<string> = new Set(['all', 'neq']);

/**
 * Two items with the same key look for the same combination: the same field after mapping, chain of modifiers, any or all, set of values (whatever their
 * order; without regard to case unless they are `cased` or regular expressions) and polarity (`excluded`: under an odd number of negations, `neq` counted).
 */
export function combinationKey(item: DetectionItem, excluded: boolean): string {
  const chain = item.modifiers.filter((name) => !ELSEWHERE.has(name)).map((name) => ALIASES.get(name) ?? name);
  const exact = item.modifiers.includes('cased') || item.kind === 're';
  const values = new Set(item.values.map((value) => (exact || value === null ? value : foldCase(value))));
  const sorted = [...values].toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
  return JSON.stringify([item.paths.toSorted(), item.kind, chain, item.all, sorted, excluded]);
}
