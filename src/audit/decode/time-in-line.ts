import { parseTimestamp } from '../timestamp.ts';

const TIME_KEY = Buffer.from('"stageTimestamp":"');

/** The stageTimestamp of a line that was not parsed; behind it kube-apiserver writes only annotations. */
export function timeInLine(bytes: Buffer): string | undefined {
  const key = bytes.lastIndexOf(TIME_KEY);
  if (key < 0) return undefined;
  const start = key + TIME_KEY.length;
  const text = bytes.toString('latin1', start, bytes.indexOf('"', start));
  return parseTimestamp(text) === undefined ? undefined : text;
}
