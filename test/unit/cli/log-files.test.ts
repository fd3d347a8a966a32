import assert from 'node:assert/strict';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { rotatedLogName } from '../../../src/audit/index.ts';
import { CommandFailure } from '../../../src/cli/failure.ts';
import { findLogs } from '../../../src/cli/logs/log-files.ts';
import { inOrder } from '../../../src/cli/logs/part-order.ts';
import { auditEvent, lines } from './events.ts';
import { testFolder } from './files.ts';

function at(time: string): string {
  return lines(auditEvent({ stageTimestamp: `2026-11-24T${time}:00.000000Z` }));
}

describe('finding logs', () => {
  const folder = testFolder();

  async function order(...paths: readonly string[]): Promise<Readonly<Record<string, readonly string[]>>> {
    const found: Record<string, readonly string[]> = {};
    for (const log of findLogs(paths.map((path) => join(folder.path, path)))) {
      const parts = await inOrder(log, Readable.from([]));
      found[relative(folder.path, log.name)] = parts.map(({ name }) => relative(folder.path, name));
    }
    return found;
  }

  it('takes the parts of a log in a folder for one log, oldest first', async () => {
    folder.write({
      'audit.log': at('05'),
      'audit-2026-11-24T04-00-00.000.log': at('03'),
      'audit-2026-11-24T03-00-00.000.log.gz': gzipSync(at('02')),
      'other.jsonl': at('01'),
      'other.jsonl.2.gz': gzipSync(at('08')),
      'other.jsonl.1': at('09'),
      'notes.txt': 'nothing',
      '.hidden.log': at('00'),
      'node-b/audit.log': at('06'),
    });
    assert.deepEqual(await order('.'), {
      'audit.log': ['audit-2026-11-24T03-00-00.000.log.gz', 'audit-2026-11-24T04-00-00.000.log', 'audit.log'],
      'node-b/audit.log': ['node-b/audit.log'],
      'other.jsonl': ['other.jsonl', 'other.jsonl.2.gz', 'other.jsonl.1'],
    });
  });

  it('takes parts that are named one by one for one log, and each file once', async () => {
    folder.write({ 'audit.log': at('05'), 'audit.log.1': at('04'), 'extra.txt': at('01') });
    assert.deepEqual(await order('audit.log', 'audit.log.1', 'extra.txt', 'audit.log'), {
      'audit.log': ['audit.log.1', 'audit.log'],
      'extra.txt': ['extra.txt'],
    });
  });

  it('orders by what files hold, whatever their names and times are', async () => {
    folder.write({
      'audit.log.1': at('05'),
      'audit.log.2': JSON.stringify([auditEvent({ stageTimestamp: '2026-11-24T09:00:00Z' })]),
      'audit.log.3': '',
    });
    assert.deepEqual(await order('.'), { 'audit.log': ['audit.log.3', 'audit.log.1', 'audit.log.2'] });
  });

  it('says what is not there, and that standard input is read once', () => {
    assert.throws(() => findLogs([join(folder.path, 'nothing')]), { code: 'PathNotFound' });
    assert.throws(
      () => findLogs(['-', '-']),
      (error) => error instanceof CommandFailure && error.code === 'StandardInputTwice',
    );
  });

  for (const [name, log] of [
    ['audit.log', 'audit.log'],
    ['audit.log.gz', 'audit.log'],
    ['audit-2026-11-24T05-48-24.739.log', 'audit.log'],
    ['audit-2026-11-24T05-48-24.739.log.gz', 'audit.log'],
    ['audit.log.12', 'audit.log'],
    ['audit.log.1.gz', 'audit.log'],
    ['audit.log-20261124', 'audit.log'],
    ['audit.log-20261124-1764000000.gz', 'audit.log'],
    ['audit-20261124.log', 'audit.log'],
    ['audit.1.log', 'audit.log'],
    ['kube-apiserver.audit', 'kube-apiserver.audit'],
    ['audit-2026-11-24T05-48-24.739', 'audit'],
  ] as const) {
    it(`takes ${name} for a part of ${log}`, () => {
      assert.equal(rotatedLogName(name), log);
    });
  }
});
