import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { createStyle, type Style } from './style.ts';

/** The streams of a command, injected so that tests can read what it writes. */
export interface Terminal {
  readonly stdin: Readable;
  readonly out: Output;
  readonly err: Output;
}

/** A stream that is written to in whole pieces. */
export interface Output {
  readonly style: Style;
  /** Whether a person watches it: progress may be drawn and erased. */
  readonly interactive: boolean;
  /** Columns of the terminal; 80 where it has none. */
  readonly columns: number;
  write(text: string): void;
  /** Resolves when what was written is taken up, so that memory stays bounded. */
  flush(): Promise<void>;
}

/** The terminal of the process. */
export function processTerminal(): Terminal {
  return { stdin: process.stdin, out: output(process.stdout), err: output(process.stderr) };
}

function output(stream: NodeJS.WriteStream): Output {
  // Undefined, in spite of its type, where the stream is no terminal.
  const interactive: boolean | undefined = stream.isTTY;
  // The reader of a pipe may go before the writer is done (head): that is no error.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? 0);
  });
  return {
    style: createStyle(wantsColour(interactive ?? false, process.env)),
    interactive: interactive ?? false,
    columns: stream.columns ?? 80,
    write: (text) => void stream.write(text),
    flush: () => drained(stream),
  };
}

async function drained(stream: Writable): Promise<void> {
  if (stream.writableNeedDrain) await once(stream, 'drain');
}

/** NO_COLOR and FORCE_COLOR as at https://no-color.org and https://force-color.org. */
function wantsColour(interactive: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true;
  return interactive && env['TERM'] !== 'dumb';
}
