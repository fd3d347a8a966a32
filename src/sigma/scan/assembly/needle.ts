import { Text } from './text';

const MAX_NEEDLE: usize = 256;

/** Room for a text to look for. */
export const NEEDLE = new Text(heap.alloc(MAX_NEEDLE + 16), 0);

export function needleStart(): usize {
  return NEEDLE.at;
}
