import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { progressPrinter } from '../../dev/control-plane/index.ts';
import { findOrBuildPromtool } from '../../dev/promtool/index.ts';

describe('promtool', () => {
  let promtool: string;
  before(async function () {
    this.timeout(30 * 60_000);
    promtool = await findOrBuildPromtool(progressPrinter(process.stderr));
  });

  const cases: readonly { name: string; metrics: string; code: number; says: RegExp }[] = [
    {
      name: 'accepts good metrics',
      metrics: '# HELP x_total Help.\n# TYPE x_total counter\nx_total 1\n',
      code: 0,
      says: /^$/,
    },
    {
      name: 'complains about bad ones',
      metrics: '# TYPE x counter\nx 1\n',
      code: 3,
      says: /should have "_total" suffix/,
    },
  ];
  for (const { name, metrics, code, says } of cases) {
    it(name, () => {
      const result = spawnSync(promtool, ['check', 'metrics'], { input: metrics, encoding: 'utf8' });
      assert.equal(result.status, code);
      assert.match(result.stderr, says);
    });
  }
});
