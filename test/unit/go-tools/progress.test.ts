import assert from 'node:assert/strict';
import { type BuildProgress, progressPrinter } from '../../../dev/go-tools/index.ts';

const what = 'etcd';
const compiling = (elapsedMs: number, compiled: number): BuildProgress => ({
  phase: 'compiling',
  what,
  compiled,
  total: 2737,
  elapsedMs,
});
const EVENTS: readonly BuildProgress[] = [
  { phase: 'waiting', what, pid: 42, elapsedMs: 500 },
  { phase: 'starting', what, estimate: '7 minutes', elapsedMs: 1000 },
  { phase: 'downloading', what, modules: 12, elapsedMs: 2000 },
  compiling(3000, 0),
  compiling(4000, 5),
  compiling(18_000, 90),
  compiling(19_000, 95),
  { phase: 'built', what, directory: '/cache', elapsedMs: 125_000 },
];

function printed(isTTY: boolean): string {
  let text = '';
  const print = progressPrinter({ isTTY, write: (part) => (text += part) });
  EVENTS.forEach((event) => print(event));
  return text;
}

describe('progress of a build', () => {
  it('is a line at each phase and every 15 seconds where nobody watches', () => {
    assert.deepEqual(printed(false).split('\n'), [
      'Waiting for process 42, which builds etcd: 0 s',
      'Building etcd with Go, once: 7 minutes',
      'Downloading the source of etcd: 12 modules, 2 s',
      'Compiling etcd: 0 of at most 2737 packages, 3 s',
      'Compiling etcd: 90 of at most 2737 packages, 18 s',
      'Built etcd in 2 min 05 s',
      '',
    ]);
  });

  it('renews one line on a terminal', () => {
    const lines = printed(true).split('\n');
    assert.equal(lines.length, 3);
    assert.ok(lines[1]?.endsWith('\r\u001B[KBuilt etcd in 2 min 05 s'));
  });
});
