import { Readable } from 'node:stream';
import { createStyle } from '../../../src/cli/output/style.ts';
import type { Output, Terminal } from '../../../src/cli/output/terminal.ts';

/** A terminal whose streams are read by a test. */
export interface TestTerminal extends Terminal {
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export function testTerminal(
  options: { readonly stdin?: string | Buffer; readonly interactive?: boolean } = {},
): TestTerminal {
  const texts = { out: '', err: '' };
  const output = (name: keyof typeof texts): Output => ({
    style: createStyle(false),
    interactive: options.interactive ?? false,
    columns: 100,
    write: (text) => {
      texts[name] += text;
    },
    flush: () => Promise.resolve(),
  });
  const stdin = options.stdin === undefined ? [] : [Buffer.from(options.stdin)];
  return {
    stdin: Readable.from(stdin),
    out: output('out'),
    err: output('err'),
    stdout: () => texts.out,
    stderr: () => texts.err,
  };
}
