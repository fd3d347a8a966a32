import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import type { LogFormat, LogLevel } from '../../../src/operator/log-options.ts';
import { operatorLogger } from '../../../src/operator/logging.ts';

/** Colours, a second line, the one-character CSI, a line separator and text that reads backwards. */
const HOSTILE = 'alice\u001b[31m\n\u0007{"level":"info"}\u009b32m\u2028\u202egnp.exe';

describe('the log', () => {
  /** What a logger wrote, line by line. */
  function written(
    level: LogLevel,
    format: LogFormat,
    use: (logger: ReturnType<typeof operatorLogger>) => void,
  ): string[] {
    const stream = new PassThrough();
    const chunks: string[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString('utf8')));
    use(operatorLogger(level, format, stream));
    const text = chunks.join('') + String(stream.read() ?? '');
    return text.split('\n').filter((line) => line !== '');
  }

  it('is one JSON object a line, with time, level, message and fields', () => {
    const [line = ''] = written('info', 'json', (logger) => logger.warn('rule refused', { rule: 'x', line: 3 }));
    const { timestamp, ...rest }: Record<string, unknown> = JSON.parse(line);
    assert.match(String(timestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(rest, { level: 'warn', message: 'rule refused', rule: 'x', line: 3 });
  });

  it('is a line for people on demand', () => {
    const [line] = written('info', 'pretty', (logger) => logger.info('rule accepted', { rule: 'x', runs: true }));
    assert.match(line ?? '', /^\d\d:\d\d:\d\d\.\d{3} info {2}rule accepted rule="x" runs=true$/);
  });

  const levels: readonly [level: LogLevel, written: readonly string[]][] = [
    ['error', ['error']],
    ['warn', ['warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['debug', ['debug', 'info', 'warn', 'error']],
  ];
  for (const [level, expected] of levels) {
    it(`has the levels ${expected.join(', ')} at --log-level=${level}`, () => {
      const lines = written(level, 'json', (logger) => {
        for (const at of ['debug', 'info', 'warn', 'error'] as const) logger[at](at);
      });
      assert.deepEqual(
        lines.map((line) => {
          const { message }: { message: string } = JSON.parse(line);
          return message;
        }),
        expected,
      );
    });
  }

  for (const format of ['json', 'pretty'] as const) {
    it(`keeps to one line and lets no control character through, whatever is logged (${format})`, () => {
      const lines = written('info', format, (logger) =>
        logger.info(HOSTILE, { actor: HOSTILE, nested: { of: HOSTILE } }),
      );
      assert.equal(lines.length, 1);
      assert.doesNotMatch(lines[0] ?? '', /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    });

    it(`survives fields that have the names of its own (${format})`, () => {
      const lines = written('info', format, (logger) =>
        logger.info('rule refused', { message: 'why', level: 'high', timestamp: 'x' }),
      );
      assert.equal(lines.length, 1);
      assert.match(lines[0] ?? '', /rule refused/);
    });
  }
});
