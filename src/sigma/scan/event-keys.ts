import { isLineSlot } from './line-slots.ts';

/** Of keys that are the same in every line that is scanned. */
export const CONSTANTS: ReadonlyMap<string, string> = new Map([
  ['kind', 'Event'],
  ['apiVersion', 'audit.k8s.io/v1'],
]);

/** Whether scanned lines may have the key at the top. */
export function isEventKey(key: string): boolean {
  return isLineSlot(key) || CONSTANTS.has(key) || key === 'requestObject' || key === 'responseObject';
}
