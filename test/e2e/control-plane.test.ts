import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type ControlPlane,
  ControlPlaneError,
  findOrBuildBinaries,
  progressPrinter,
  startControlPlane,
  type UnexpectedExit,
} from '../../dev/control-plane/index.ts';
import { freePorts } from '../../dev/control-plane/ports.ts';
import { descendantsOf, isRunning } from './support/processes.ts';

const MAIN = fileURLToPath(new URL('../../dev/control-plane/main.ts', import.meta.url));
const MAY_BUILD_MS = 30 * 60_000;

interface LoggedRequest {
  readonly stage: string;
  readonly level: string;
  readonly verb: string;
  /** Without a name where authentication failed. */
  readonly user: { readonly username?: string };
  readonly objectRef?: { readonly resource: string; readonly name?: string };
  readonly requestObject?: unknown;
}

function requestsIn(auditLog: string): readonly LoggedRequest[] {
  return readFileSync(auditLog, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): LoggedRequest => JSON.parse(line));
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await sleep(50);
  }
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof ControlPlaneError && error.code === code;
}

before(async function () {
  this.timeout(MAY_BUILD_MS);
  await findOrBuildBinaries(progressPrinter(process.stderr));
});

describe('a control plane', () => {
  let controlPlane: ControlPlane;
  before(async () => {
    controlPlane = await startControlPlane({ users: [{ name: 'alice', groups: ['sre'] }, { name: 'bob' }] });
  });
  after(() => controlPlane.stop());

  it('authenticates its users and obeys RBAC', async () => {
    assert.ok(controlPlane.ready);
    const alice = await controlPlane.kubectl(['auth', 'whoami', '-o', 'json'], { as: 'alice' });
    assert.match(alice.stdout, /"username": "alice"/);
    assert.match(alice.stdout, /"sre"/);
    const denied = await controlPlane.kubectl(['get', 'pods'], { as: 'bob', allowFailure: true });
    assert.equal(denied.code, 1);
    assert.match(denied.stderr, /User "bob" cannot list resource "pods"/);
    await controlPlane.kubectl(['create', 'rolebinding', 'bob', '--clusterrole=view', '--user=bob']);
    await controlPlane.kubectl(['get', 'pods'], { as: 'bob' });
    await assert.rejects(controlPlane.kubectl(['get', 'pods'], { as: { token: 'wrong' } }), hasCode('KubectlFailed'));
    await assert.rejects(controlPlane.kubectl(['get', 'pods'], { as: 'mallory' }), hasCode('UnknownUser'));
  });

  it('has programs of one version', async () => {
    const { stdout } = await controlPlane.kubectl(['version', '-o', 'json']);
    const versions: { clientVersion: { gitVersion: string }; serverVersion: { gitVersion: string } } =
      JSON.parse(stdout);
    assert.match(versions.serverVersion.gitVersion, /^v1\.\d+\.\d+$/);
    if (process.env['KUBEBUILDER_ASSETS'] === undefined) {
      assert.equal(versions.clientVersion.gitVersion, versions.serverVersion.gitVersion);
    }
  });

  it('logs who did what, without RequestReceived and without its own probes', async () => {
    await controlPlane.kubectl(['create', 'configmap', 'logged']);
    const requests = requestsIn(controlPlane.auditLog);
    const created = requests.filter(({ verb, objectRef }) => verb === 'create' && objectRef?.name === 'logged');
    assert.deepEqual(
      created.map(({ stage, level, user }) => [stage, level, user.username]),
      [['ResponseComplete', 'Metadata', 'admin']],
    );
    assert.ok(
      requests.every(({ stage, user }) => stage !== 'RequestReceived' && user.username?.includes('launcher') !== true),
    );
    assert.deepEqual(readdirSync(controlPlane.auditDirectory), ['audit.log']);
  });

  it('has working controllers: a Job creates its Pod', async () => {
    await controlPlane.kubectl(['create', 'job', 'once', '--image=none.invalid/none']);
    await until(async () => {
      const { stdout } = await controlPlane.kubectl(['get', 'pods', '-l', 'job-name=once', '-o', 'name']);
      return stdout.startsWith('pod/once-');
    });
  });

  it('gives a ServiceAccount’s token', async () => {
    await controlPlane.kubectl(['create', 'serviceaccount', 'robot']);
    const token = await controlPlane.serviceAccountToken('default', 'robot');
    const { stdout } = await controlPlane.kubectl(['auth', 'whoami'], { as: { token } });
    assert.match(stdout, /system:serviceaccount:default:robot/);
  });

  it('restarts its API server on the same port with the same data, another policy and other flags', async () => {
    const { server } = controlPlane;
    await controlPlane.kubectl(['create', 'configmap', 'kept']);
    await controlPlane.stopApiServer({ signal: 'SIGKILL' });
    assert.ok(!controlPlane.ready);
    const refused = await controlPlane.kubectl(['get', 'configmap', 'kept'], { allowFailure: true });
    assert.match(refused.stderr, /refused/);
    const policy = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Request' }] } as const;
    await controlPlane.startApiServer({ audit: { policy }, flags: ['--max-requests-inflight=401'] });
    assert.ok(controlPlane.ready);
    assert.equal(controlPlane.server, server);
    await controlPlane.kubectl(['get', 'configmap', 'kept']);
    await controlPlane.kubectl(['create', 'configmap', 'with-body']);
    const created = requestsIn(controlPlane.auditLog).find(
      ({ verb, requestObject, objectRef }) =>
        verb === 'create' && requestObject && objectRef?.resource === 'configmaps',
    );
    assert.equal(created?.level, 'Request');
    await controlPlane.restartApiServer({
      audit: { policy: { yaml: 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]' } },
    });
    const before = readFileSync(controlPlane.auditLog).length;
    await controlPlane.kubectl(['get', 'configmap', 'kept']);
    assert.equal(readFileSync(controlPlane.auditLog).length, before);
  });

  it('hangs while etcd is paused', async () => {
    await controlPlane.pauseEtcd();
    assert.ok(!controlPlane.ready);
    const patience = ['--request-timeout=500ms'];
    const hung = await controlPlane.kubectl(['create', 'configmap', 'late', ...patience], { allowFailure: true });
    assert.equal(hung.code, 1);
    await controlPlane.resumeEtcd();
    assert.ok(controlPlane.ready);
    await until(async () => (await controlPlane.kubectl(['get', 'namespaces'], { allowFailure: true })).code === 0);
  });

  it('runs side by side with another one, and stops without a trace', async () => {
    const others = descendantsOf(process.pid);
    const other = await startControlPlane({ controllerManager: false });
    const pids = descendantsOf(process.pid).filter((pid) => !others.includes(pid));
    assert.equal(pids.length, 3, 'supervisor, etcd and kube-apiserver');
    assert.notEqual(other.server, controlPlane.server);
    await other.kubectl(['create', 'configmap', 'only-there']);
    const here = await controlPlane.kubectl(['get', 'configmap', 'only-there'], { allowFailure: true });
    assert.match(here.stderr, /NotFound/);
    await Promise.all([other.stop(), other.stop()]);
    assert.ok(!existsSync(other.directory));
    assert.deepEqual(pids.filter(isRunning), []);
    await assert.rejects(other.kubectl(['get', 'pods']), hasCode('Stopped'));
    await controlPlane.kubectl(['get', 'configmaps']);
  });
});

describe('a control plane whose components fail', () => {
  it('says why when one does not come up, and leaves nothing', async () => {
    const before = descendantsOf(process.pid).filter(isRunning);
    const directories = (): readonly string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith('sigma-operator-failing-'));
    await assert.rejects(
      startControlPlane({ apiServerFlags: ['--no-such-flag'], directoryPrefix: 'sigma-operator-failing-' }),
      (error) =>
        hasCode('ComponentDied')(error) &&
        /kube-apiserver ended \(exit code 1\).*unknown flag: --no-such-flag/s.test(String(error)),
    );
    assert.deepEqual(directories(), []);
    assert.deepEqual(
      descendantsOf(process.pid)
        .filter((pid) => !before.includes(pid))
        .filter(isRunning),
      [],
    );
  });

  it('tells of a component that dies later, and kubectl’s error mentions it; an API server can be started again', async () => {
    const deaths: UnexpectedExit[] = [];
    const others = descendantsOf(process.pid);
    const controlPlane = await startControlPlane({
      controllerManager: false,
      onUnexpectedExit: (exit) => deaths.push(exit),
    });
    try {
      const [supervisor = 0] = descendantsOf(process.pid).filter((pid) => !others.includes(pid));
      const [, apiServer = 0] = descendantsOf(supervisor);
      process.kill(apiServer, 'SIGKILL');
      await until(() => deaths.length === 1);
      assert.ok(!controlPlane.ready);
      await controlPlane.startApiServer();
      assert.ok(controlPlane.ready);
      await controlPlane.kubectl(['get', 'namespaces']);
      deaths.length = 0;
      for (const pid of descendantsOf(supervisor)) {
        process.kill(pid, 'SIGKILL');
      }
      await until(() => deaths.length === 2);
      assert.deepEqual(deaths.map(({ component }) => component).sort(), ['etcd', 'kube-apiserver']);
      assert.ok(!controlPlane.ready);
      await assert.rejects(
        controlPlane.kubectl(['get', 'pods']),
        /kube-apiserver ended unexpectedly \(signal SIGKILL\)/,
      );
    } finally {
      await controlPlane.stop();
    }
  });

  it('starts on other ports where the first ones were taken in the meantime', async () => {
    const [taken = 0] = await freePorts(1);
    const squatter = createServer().listen(taken, '127.0.0.1');
    await once(squatter, 'listening');
    let attempts = 0;
    const choosePorts = async (count: number): Promise<readonly number[]> => {
      const free = await freePorts(count);
      attempts += 1;
      // The first of them is the API server's, the second etcd's.
      return free.map((port, index) => (index === attempts - 1 ? taken : port));
    };
    const controlPlane = await startControlPlane({ controllerManager: false, choosePorts });
    try {
      assert.equal(attempts, 4, 'API server, etcd for clients, etcd for peers, none');
      await controlPlane.kubectl(['get', 'namespaces']);
    } finally {
      await controlPlane.stop();
      squatter.close();
    }
  });

  it('starts the API server again where another program holds its port only once that is free', async () => {
    const controlPlane = await startControlPlane({ controllerManager: false });
    try {
      await controlPlane.stopApiServer();
      const squatter = createServer().listen(Number(new URL(controlPlane.server).port), '127.0.0.1');
      await once(squatter, 'listening');
      await assert.rejects(controlPlane.startApiServer(), hasCode('AddressInUse'));
      squatter.close();
      await controlPlane.startApiServer();
      assert.ok(controlPlane.ready);
    } finally {
      await controlPlane.stop();
    }
  });
});

describe('the audit backends of a control plane', () => {
  it('rotate the log, and send batches to a webhook', async () => {
    let received = '';
    const receiver = createHttpServer((request, response) => {
      request.on('data', (chunk: Buffer) => (received += chunk.toString()));
      request.on('end', () => response.end());
    });
    const [port = 0] = await freePorts(1);
    receiver.listen(port, '127.0.0.1');
    await once(receiver, 'listening');
    const server = `http://127.0.0.1:${port}`;
    const directory = mkdtempSync(join(tmpdir(), 'sigma-operator-webhook-'));
    const kubeconfig = join(directory, 'receiver.kubeconfig');
    const clusters = [{ name: 'receiver', cluster: { server } }];
    const contexts = [{ name: 'receiver', context: { cluster: 'receiver', user: '' } }];
    writeFileSync(
      kubeconfig,
      JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters, contexts, 'current-context': 'receiver' }),
    );
    const rules = [{ level: 'RequestResponse', resources: [{ group: '', resources: ['configmaps'] }] }];
    const controlPlane = await startControlPlane({
      controllerManager: false,
      audit: {
        policy: { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules },
        maxSize: 1,
        maxBackups: 3,
        compress: true,
        webhook: { kubeconfig, batchMaxWait: '100ms' },
      },
    });
    try {
      for (const name of ['first', 'second', 'third']) {
        const data = { filler: 'x'.repeat(400_000) };
        const input = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
        await controlPlane.kubectl(['create', '-f', '-'], { input });
      }
      await until(() => readdirSync(controlPlane.auditDirectory).some((name) => /^audit-.*\.log\.gz$/.test(name)));
      await until(() => received.includes('"name":"third"'));
    } finally {
      await controlPlane.stop();
      receiver.close();
      rmSync(directory, { recursive: true });
    }
  });
});

describe('the command that starts a control plane', () => {
  let command: ChildProcess | undefined;
  let kept: string | undefined;
  afterEach(() => {
    command?.kill('SIGKILL');
    if (kept !== undefined) {
      rmSync(kept, { recursive: true });
      kept = undefined;
    }
  });

  /** Resolves with its output when it is up. */
  async function start(args: readonly string[]): Promise<{ readonly child: ChildProcess; readonly output: string }> {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    command = child;
    let output = '';
    for await (const line of createInterface({ input: child.stdout })) {
      output += `${line}\n`;
      if (line.startsWith('Ctrl-C')) {
        break;
      }
    }
    return { child, output };
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
    it(`leaves no process and no file behind at ${signal}`, async () => {
      const { child, output } = await start([]);
      const directory = /^Directory +(.*)$/m.exec(output)?.[1] ?? '';
      const pids = descendantsOf(child.pid ?? 0);
      assert.equal(pids.length, 4, 'supervisor, etcd, kube-apiserver, kube-controller-manager');
      assert.ok(existsSync(directory));
      const exited = once(child, 'exit');
      child.kill(signal);
      assert.deepEqual(await exited, [null, signal]);
      await until(() => !pids.some(isRunning) && !existsSync(directory));
    });
  }

  it('prints a kubectl line that works, and keeps the audit log', async () => {
    kept = mkdtempSync(join(tmpdir(), 'sigma-operator-kept-'));
    const { child, output } = await start(['--keep-audit', kept]);
    const [kubectl = '', ...args] = /^ {2}(\S+ get namespaces)$/m.exec(output)?.[1]?.split(' ') ?? [];
    const env = { ...process.env, KUBECONFIG: '/another/cluster' };
    const [code] = await once(spawn(kubectl, args, { env, stdio: 'ignore' }), 'exit');
    assert.equal(code, 0);
    const exited = once(child, 'exit');
    child.kill('SIGINT');
    await exited;
    const listed = requestsIn(join(kept, 'audit.log')).some(
      ({ verb, user, objectRef }) =>
        verb === 'list' && user.username === 'admin' && objectRef?.resource === 'namespaces',
    );
    assert.ok(listed);
  });
});
