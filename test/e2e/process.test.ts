import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { progressPrinter } from '../../dev/control-plane/index.ts';
import { findOrBuildPromtool } from '../../dev/promtool/index.ts';
import { cronJob } from './support/batch-objects.ts';
import { bundleIn, ROOT } from './support/bundle.ts';
import { assertCountsEqualRecount } from './support/counts.ts';
import { itWasDeniedNothing } from './support/denied-nothing.ts';
import { eventually } from './support/eventually.ts';
import type { OperatorProcess } from './support/operator-process.ts';
import { TestCluster } from './support/test-cluster.ts';

const MAY_BUILD_MS = 30 * 60_000;

/** A kubeconfig of a server at which nobody listens. */
const NOWHERE = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'nowhere',
  clusters: [{ name: 'nowhere', cluster: { server: 'https://127.0.0.1:1' } }],
  users: [{ name: 'nobody', user: { token: 'none' } }],
  contexts: [{ name: 'nowhere', context: { cluster: 'nowhere', user: 'nobody' } }],
};

describe('the command line of the bundle', () => {
  let directory: string;
  let bundle: string;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'sigma-operator-bundle-'));
    bundle = await bundleIn(directory);
  });
  after(() => rmSync(directory, { recursive: true }));

  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, [bundle, ...args], { encoding: 'utf8', env });

  it('prints its version', () => {
    const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    assert.equal(run(['--version']).stdout, `${version}\n`);
  });

  it('documents every flag of run, with its default and its environment variable', () => {
    const { status, stdout } = run(['run', '--help']);
    assert.equal(status, 0);
    const flags = [
      '--kubeconfig',
      '--context',
      '--namespace',
      '--node-name',
      '--replica-name',
      '--pod-uid',
      '--state-dir',
      '--listen',
    ];
    for (const flag of [...flags, '--look-up', '--log-level', '--log-format']) {
      assert.match(stdout, new RegExp(`^ {2}${flag} .*\\S {2,}\\S`, 'm'), flag);
    }
    assert.match(stdout, /default:\s+"sigma-operator",\s+env:\s+POD_NAMESPACE/);
  });

  const wrong: readonly (readonly string[])[] = [
    ['run', '--no-such-flag'],
    ['run', '--listen=somewhere'],
    ['run', '--log-level=loud'],
    ['run', '--log-format=xml'],
    ['no-such-command'],
  ];
  for (const args of wrong) {
    it(`ends with 2 and says why at ${args.join(' ')}`, () => {
      const { status, stderr, stdout } = run(args);
      assert.equal(status, 2);
      assert.match(stderr, /error: .*\n\(see --help\)/s);
      assert.equal(stdout, '');
    });
  }

  it('ends with 1 and says why where it cannot run', () => {
    const { status, stderr } = run(['run', `--kubeconfig=${join(directory, 'missing')}`, '--listen=127.0.0.1:0']);
    assert.equal(status, 1);
    assert.match(stderr, /cannot read the kubeconfig \S+missing: ENOENT/);
  });

  it('ends with 1 where another process listens on its port', async () => {
    const squatter = createServer();
    const port = await new Promise<number>((resolve) => {
      squatter.listen(0, '127.0.0.1', () => {
        const address = squatter.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    try {
      const kubeconfig = join(directory, 'kubeconfig');
      writeFileSync(kubeconfig, JSON.stringify(NOWHERE));
      const args = [bundle, 'run', `--kubeconfig=${kubeconfig}`, `--listen=127.0.0.1:${port}`];
      await assert.rejects(promisify(execFile)(process.execPath, args), { code: 1, stderr: /EADDRINUSE/ });
    } finally {
      squatter.close();
    }
  });
});

describe('the operator’s process', () => {
  let cluster: TestCluster;
  let operator: OperatorProcess;
  before(async () => {
    cluster = await TestCluster.start({ controllerManager: false });
  });
  after(() => cluster.stop());
  afterEach(async () => assert.equal(await operator.stop(), 0));

  it('is alive but not ready while the API server is away, and begins when it comes', async () => {
    await cluster.plane.stopApiServer();
    operator = await cluster.launchOperator();
    assert.deepEqual(await operator.get('/healthz'), { code: 200, type: 'text/plain; charset=utf-8', text: 'ok\n' });
    const { code, text } = await operator.get('/readyz');
    assert.equal(code, 503);
    assert.match(text, /the API server has not answered yet/);
    await cluster.plane.startApiServer();
    await eventually(async () => assert.equal((await operator.get('/readyz')).code, 200));
    await operator.following();
    await cluster.apply(cronJob('nightly'), 'alice');
    await assertCountsEqualRecount(cluster);
  });

  it('answers probes and scrapes, and nothing else', async () => {
    operator = await cluster.startOperator();
    assert.equal((await operator.get('/healthz?verbose')).code, 200);
    assert.equal((await operator.get('/')).code, 404);
    assert.equal((await operator.get('/metrics/')).code, 404);
    const post = await fetch(`${operator.url}/metrics`, { method: 'POST' });
    assert.equal(post.status, 405);
    const head = await fetch(`${operator.url}/readyz`, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(await head.text(), '');
    const { type, text } = await operator.get('/metrics');
    assert.match(type ?? '', /^text\/plain; version=0\.0\.4/);
    for (const name of ['sigma_operator_rules_loaded 2', 'sigma_operator_lease_held{name="leader"} 1']) {
      assert.ok(text.includes(`\n${name}\n`), name);
    }
  });

  it('serves metrics that promtool finds nothing to remark on', async function () {
    this.timeout(MAY_BUILD_MS);
    const promtool = await findOrBuildPromtool(progressPrinter(process.stderr));
    operator = await cluster.startOperator();
    await cluster.apply(cronJob('scraped'), 'alice');
    await cluster.settled();
    const { text } = await operator.get('/metrics');
    const ours = text
      .split('\n')
      // Node's own, whose names prom-client chose.
      .filter((line) => !/^(# (HELP|TYPE) )?(nodejs|process)_/.test(line))
      .join('\n');
    const { status, stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], { input: ours, encoding: 'utf8' });
    assert.equal(stdout + stderr, '');
    assert.equal(status, 0);
  });

  it('logs JSON for machines, a line each', async () => {
    operator = await cluster.startOperator();
    assert.equal(await operator.stop(), 0);
    const text = readFileSync(operator.process.logFile, 'utf8');
    for (const line of text.trimEnd().split('\n')) {
      const { level, message, timestamp }: Record<string, string> = JSON.parse(line);
      assert.match(`${level} ${timestamp}`, /^(error|warn|info|debug) \d{4}-\d\d-\d\dT[\d:.]+Z$/);
      assert.ok(message);
    }
    assert.deepEqual(
      operator.logs.filter(({ level }) => level === 'error').map(({ message }) => message),
      [],
    );
  });

  it('may do what it does, and nothing beyond', async () => {
    const list = async (name: string, namespace: string): Promise<readonly string[]> => {
      const groups = ['system:serviceaccounts', 'system:serviceaccounts:sigma-operator', 'system:authenticated'];
      const as = [`--as=system:serviceaccount:sigma-operator:${name}`, ...groups.map((group) => `--as-group=${group}`)];
      const command = ['auth', 'can-i', '--list', '--no-headers', `--namespace=${namespace}`, ...as];
      const { stdout } = await cluster.kubectl(command);
      return stdout.split('\n').map((line) => line.replaceAll(/ +/g, ' '));
    };
    const allowed = async (namespace: string): Promise<readonly string[]> => {
      const anybody = await list('anybody', namespace);
      return (await list('sigma-operator', namespace)).filter((line) => !anybody.includes(line)).sort();
    };
    const everywhere = [
      'alerts.detection.sigma-operator.dev [] [] [get list watch create delete]',
      'alerts.detection.sigma-operator.dev/status [] [] [update]',
      'auditsources.detection.sigma-operator.dev [] [] [get list watch]',
      'auditsources.detection.sigma-operator.dev/status [] [] [patch]',
      'cronjobs.batch [] [] [get]',
      'detectionfilters.detection.sigma-operator.dev [] [] [get list watch]',
      'detectionfilters.detection.sigma-operator.dev/status [] [] [patch]',
      'detectionrules.detection.sigma-operator.dev [] [] [get list watch]',
      'detectionrules.detection.sigma-operator.dev/status [] [] [patch]',
      'events.events.k8s.io [] [] [create patch]',
      'jobs.batch [] [] [get]',
    ];
    const atHome = [
      'configmaps [] [sigma-placeholders] [get list watch]',
      'leases.coordination.k8s.io [] [] [get list watch create update delete]',
    ];
    assert.deepEqual(await allowed('default'), everywhere);
    assert.deepEqual(await allowed('sigma-operator'), [...everywhere, ...atHome].sort());
  });

  itWasDeniedNothing(() => cluster);
});
