import assert from 'node:assert/strict';
import { copyFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditSource } from '../../src/api/audit-source.generated.ts';
import { itWasDeniedNothing } from './support/denied-nothing.ts';
import { conditionOf } from './support/detection-rule.ts';
import { eventually } from './support/eventually.ts';
import type { OperatorProcess } from './support/operator-process.ts';
import { TestCluster } from './support/test-cluster.ts';
import { auditLine, compress, WrittenLog } from './support/written-log.ts';

/** Its Alerts carry its name as their cluster. */
function auditSource(name: string, path: string, startAt: string): object {
  return {
    apiVersion: 'detection.sigma-operator.dev/v1alpha1',
    kind: 'AuditSource',
    metadata: { name },
    spec: { cluster: name, file: { path }, startAt },
  };
}

describe('an AuditSource', () => {
  let cluster: TestCluster;
  let operator: OperatorProcess;
  before(async () => {
    cluster = await TestCluster.start({ controllerManager: false });
    operator = await cluster.startOperator();
  });
  after(() => cluster.stop());

  /** A source of its own, on a log that does not exist yet. */
  async function source(name: string, startAt = 'End'): Promise<WrittenLog> {
    const log = new WrittenLog(join(cluster.plane.directory, name));
    await cluster.apply(auditSource(name, log.path, startAt));
    return log;
  }

  /** Resolves when the source is followed, with the condition's reason. */
  async function condition(name: string, type: string, expected: string): Promise<AuditSource> {
    return await eventually(async () => {
      const object = await cluster.source(name);
      assert.equal(conditionOf(object, type), expected, JSON.stringify(object.status, null, 1));
      return object;
    });
  }

  /** Resolves when exactly these objects of a source have Alerts, and each counts one request. */
  async function alerted(name: string, objects: readonly string[]): Promise<void> {
    await eventually(async () => {
      const alerts = (await cluster.alerts()).filter(({ finding }) => finding.cluster === name);
      const counts = alerts.map(({ finding, status }) => `${finding.targetRef.name} ${status?.count}`).sort();
      assert.deepEqual(counts, objects.map((object) => `${object} 1`).sort());
    });
  }

  it('on a file that does not exist yet waits for it, and reads it from its beginning', async () => {
    const log = await source('absent');
    await condition('absent', 'Ready', 'False WaitingForFile');
    log.append(auditLine('first'), auditLine('second'));
    await alerted('absent', ['first', 'second']);
    await condition('absent', 'Ready', 'True Following');
    await condition('absent', 'Complete', 'True Complete');
  });

  it('on an empty file waits for what is written to it', async () => {
    const log = await source('empty');
    log.append('');
    await condition('empty', 'Ready', 'False WaitingForFile');
    log.append(auditLine('first'));
    await alerted('empty', ['first']);
    await condition('empty', 'Ready', 'True Following');
  });

  it('on a file with content begins with what is written from now on, or at its beginning', async () => {
    const logs = [await prepared('from-end', 'End'), await prepared('from-beginning', 'Beginning')];
    await condition('from-end', 'Ready', 'True Following');
    await condition('from-beginning', 'Ready', 'True Following');
    for (const log of logs) log.append(auditLine('new'));
    await alerted('from-end', ['new']);
    await alerted('from-beginning', ['new', 'old']);

    async function prepared(name: string, startAt: string): Promise<WrittenLog> {
      const log = new WrittenLog(join(cluster.plane.directory, `${name}-prepared`));
      log.append(auditLine('old'));
      await cluster.apply(auditSource(name, log.path, startAt));
      return log;
    }
  });

  it('never takes a half-written line, and takes it once it is complete', async () => {
    const log = await source('halves', 'Beginning');
    const line = Buffer.from(auditLine('late'));
    log.append(auditLine('before'), line.subarray(0, 300));
    await alerted('halves', ['before']);
    log.append(line.subarray(300), auditLine('after'));
    await alerted('halves', ['after', 'before', 'late']);
    await condition('halves', 'Complete', 'True Complete');
  });

  it('counts lines that it cannot read, by cause, and reads their neighbours', async () => {
    const log = await source('damaged', 'Beginning');
    const nul = Buffer.alloc(4096);
    log.append(auditLine('one'), '{"kind":"Event", broken\n', auditLine('two'), '{"kind":"Pod"}\n', '\n');
    log.append(auditLine('three'), 'no json at all\n', nul, '\n', auditLine('four'));
    log.append(nul, auditLine('five'), auditLine('torn').slice(0, 200), auditLine('salvaged'));
    await alerted('damaged', ['one', 'two', 'three', 'four', 'five', 'salvaged']);
    const unreadable = { 'invalid-json': 2, 'not-an-event': 1, 'nul-bytes': 2, torn: 1 };
    const { status } = await condition('damaged', 'Complete', 'False UnreadableLines');
    assert.deepEqual(status?.partitions?.[0]?.unreadable, unreadable);
    const message = status?.conditions?.find(({ type }) => type === 'Complete')?.message ?? '';
    assert.match(message, /invalid-json: 2/);
    for (const [reason, count] of Object.entries(unreadable)) {
      const labels = { source: 'damaged', reason };
      assert.equal(await operator.metric('sigma_operator_events_parse_errors_total', labels), count, reason);
    }
  });

  it('reads a line of 5 MB, and of one of 20 MB all but the body', async () => {
    const log = await source('large', 'Beginning');
    log.append(auditLine('before'), auditLine('large', 5_000_000), auditLine('between'));
    log.append(auditLine('huge', 20_000_000), auditLine('after'));
    await alerted('large', ['after', 'before', 'between', 'huge', 'large']);
    const { status } = await condition('large', 'Complete', 'True Complete');
    assert.equal(await operator.metric('sigma_operator_events_oversize_total', { source: 'large' }), 1);
    await eventually(async () => {
      const partitions = (await cluster.source('large')).status?.partitions;
      assert.equal(partitions?.[0]?.oversize, 1, JSON.stringify(status));
    });
  });

  it('is followed through renames and compression', async () => {
    const log = await source('rotated', 'Beginning');
    log.append(auditLine('first'));
    await alerted('rotated', ['first']);
    log.append(auditLine('second'));
    const backup = log.rotate();
    log.append(auditLine('third'));
    compress(backup);
    await alerted('rotated', ['first', 'second', 'third']);
    compress(log.rotate());
    log.append(auditLine('fourth'));
    await alerted('rotated', ['first', 'fourth', 'second', 'third']);
    await condition('rotated', 'Complete', 'True Complete');
  });

  it('is followed through copytruncate', async () => {
    const log = await source('copied', 'Beginning');
    log.append(auditLine('first'), auditLine('second'));
    await alerted('copied', ['first', 'second']);
    copyFileSync(log.path, `${log.path}.1`);
    truncateSync(log.path);
    log.append(auditLine('third'));
    await alerted('copied', ['first', 'second', 'third']);
    await condition('copied', 'Complete', 'True Complete');
  });

  describe('while no operator runs', () => {
    it('is read from its backups when one runs again, and what was deleted meanwhile is a gap', async () => {
      const drained = await source('drained', 'Beginning');
      const gapped = await source('gapped', 'Beginning');
      drained.append(auditLine('first'));
      gapped.append(auditLine('first'));
      await alerted('drained', ['first']);
      await alerted('gapped', ['first']);
      assert.equal(await operator.stop(), 0);

      drained.append(auditLine('second'));
      compress(drained.rotate());
      drained.append(auditLine('third'));
      const plain = drained.rotate();
      drained.append(auditLine('fourth'));
      gapped.append(auditLine('lost'));
      rmSync(gapped.rotate());
      gapped.append(auditLine('second'));

      operator = await cluster.startOperator();
      compress(plain);
      await alerted('drained', ['first', 'fourth', 'second', 'third']);
      await alerted('gapped', ['first', 'second']);
      await condition('drained', 'Complete', 'True Complete');
      const { status } = await condition('gapped', 'Complete', 'False Gap');
      assert.equal(status?.partitions?.[0]?.gaps, 1);
      assert.match(status?.partitions?.[0]?.lastGap ?? '', /removed before it was read/);
      assert.ok(status?.partitions?.[0]?.lastGapAt !== undefined);
      assert.equal(await operator.metric('sigma_operator_source_gaps_total', { source: 'gapped' }), 1);
      await eventually(async () => {
        const found = 'get events -n default -o json --field-selector reason=AuditLogGap';
        const events: unknown = JSON.parse((await cluster.kubectl(found)).stdout);
        assert.match(JSON.stringify(events), /gapped\/node: part of the audit log is missing/);
      });
    });
  });

  it('that is deleted is followed no more; made again under its name, it goes on where it stopped', async () => {
    const name = 'recreated';
    const log = await source(name, 'Beginning');
    log.append(auditLine('first'));
    await alerted(name, ['first']);
    await cluster.kubectl(['delete', 'auditsource', name]);
    // What is written before the operator has heard of it may still be read.
    await eventually(async () =>
      assert.equal(await operator.metric('sigma_operator_source_last_event_timestamp_seconds', { source: name }), 0),
    );
    log.append(auditLine('second'));
    await cluster.settled();
    await alerted(name, ['first']);
    await cluster.apply(auditSource(name, log.path, 'Beginning'));
    await alerted(name, ['first', 'second']);
  });

  itWasDeniedNothing(() => cluster);
});
