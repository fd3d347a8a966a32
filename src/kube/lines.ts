/** The longest line that a watch may have. etcd takes objects of at most a few MiB. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * Cuts a byte stream at newlines and decodes each line as UTF-8, wherever the chunks are cut. Empty lines are left out.
 * Bytes after the last newline are a line that was never finished and are dropped.
 *
 * @throws RangeError for a line above `maxBytes`
 */
export async function* lines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number = MAX_LINE_BYTES,
): AsyncGenerator<string> {
  /** The beginning of a line whose end has not come yet. */
  let pending: Uint8Array[] = [];
  let length = 0;
  const take = (part: Uint8Array) => {
    pending.push(part);
    length += part.length;
    if (length > maxBytes) throw new RangeError(`a line is longer than ${maxBytes} bytes`);
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, end));
      const line = Buffer.concat(pending).toString('utf8');
      pending = [];
      length = 0;
      start = end + 1;
      if (line !== '') yield line;
    }
    if (start < chunk.length) take(chunk.subarray(start));
  }
}
