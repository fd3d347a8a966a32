import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describeExit, startSupervisor } from '../../../dev/supervisor/index.ts';

const CALLER = fileURLToPath(new URL('./caller.ts', import.meta.url));

/** A zombie that nobody has waited for yet is dead. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await sleep(10);
  }
}

describe('a supervisor', () => {
  it('starts processes, writes their output to a log, and tells how they end', async () => {
    await using supervisor = await startSupervisor();
    const child = await supervisor.start({
      name: 'job',
      command: 'sh',
      args: ['-c', 'echo one; echo two >&2; exit 7'],
    });
    assert.deepEqual(await child.exited, { code: 7, signal: null });
    assert.equal(child.exit && describeExit(child.exit), 'exit code 7');
    assert.equal(child.logTail(), 'one\ntwo');
    assert.equal(child.logTail(1), 'two');
    assert.equal(child.stopping, false);
  });

  it('passes environment and working directory on', async () => {
    await using supervisor = await startSupervisor();
    const env = { PATH: process.env['PATH'], GREETING: 'hello' };
    const child = await supervisor.start({ name: 'env', command: 'sh', args: ['-c', 'echo $GREETING; pwd'], env });
    await child.exited;
    assert.match(child.logTail(), new RegExp(`^hello\n.*${supervisor.directory}$`));
  });

  it('rejects when a program cannot be started, and goes on', async () => {
    await using supervisor = await startSupervisor();
    await assert.rejects(supervisor.start({ name: 'none', command: '/no/such/program' }), /ENOENT/);
    const child = await supervisor.start({ name: 'true', command: 'true' });
    assert.deepEqual(await child.exited, { code: 0, signal: null });
  });

  it('kills a process that does not end at its stop signal', async () => {
    await using supervisor = await startSupervisor();
    const args = ['-c', 'trap "" TERM; echo armed; while :; do sleep 0.01; done'];
    const child = await supervisor.start({ name: 'stubborn', command: 'sh', args });
    await until(() => child.logTail() === 'armed');
    assert.deepEqual(await child.stop({ graceMs: 50 }), { code: null, signal: 'SIGKILL' });
    assert.equal(child.stopping, true);
  });

  it('stops a frozen process, too', async () => {
    const supervisor = await startSupervisor();
    const child = await supervisor.start({ name: 'frozen', command: 'sleep', args: ['60'] });
    await child.signal('SIGSTOP');
    await supervisor.stop();
    assert.deepEqual(await child.exited, { code: null, signal: 'SIGTERM' });
  });

  it('stops the last started first, removes its directory, and may be stopped again', async () => {
    const supervisor = await startSupervisor();
    const ended: string[] = [];
    for (const name of ['first', 'second', 'third']) {
      const child = await supervisor.start({ name, command: 'sleep', args: ['60'] });
      void child.exited.then(() => ended.push(name));
    }
    assert.ok(existsSync(supervisor.directory));
    await Promise.all([supervisor.stop(), supervisor.stop()]);
    await supervisor.stop();
    assert.deepEqual(ended, ['third', 'second', 'first']);
    assert.ok(!existsSync(supervisor.directory));
    await assert.rejects(supervisor.start({ name: 'late', command: 'true' }), /has ended/);
  });

  it('leaves nothing when its own process is killed', async () => {
    const supervisor = await startSupervisor();
    const child = await supervisor.start({ name: 'sleep', command: 'sh', args: ['-c', 'echo $PPID; sleep 60'] });
    await until(() => child.logTail() !== '');
    process.kill(Number(child.logTail()), 'SIGKILL');
    await child.exited;
    await until(() => !isAlive(child.pid) && !existsSync(supervisor.directory));
    await supervisor.stop();
  });
});

describe('when the caller of a supervisor ends, nothing is left', () => {
  let caller: ChildProcess | undefined;
  afterEach(() => caller?.kill('SIGKILL'));

  interface Started {
    readonly caller: ChildProcess;
    readonly directory: string;
    readonly pids: readonly number[];
  }

  async function startCaller(how: string): Promise<Started> {
    const started = spawn(process.execPath, [CALLER, how], { stdio: ['ignore', 'pipe', 'ignore'] });
    caller = started;
    const [line] = await once(createInterface({ input: started.stdout }), 'line');
    const { directory, pids }: { directory: string; pids: number[] } = JSON.parse(String(line));
    return { caller: started, directory, pids };
  }

  const cases: readonly {
    readonly how: string;
    readonly kill?: NodeJS.Signals;
    readonly exit: (number | string | null)[];
  }[] = [
    { how: 'wait', kill: 'SIGKILL', exit: [null, 'SIGKILL'] },
    { how: 'wait', kill: 'SIGINT', exit: [null, 'SIGINT'] },
    { how: 'wait', kill: 'SIGTERM', exit: [null, 'SIGTERM'] },
    { how: 'wait', kill: 'SIGHUP', exit: [null, 'SIGHUP'] },
    { how: 'stop-on-signals', kill: 'SIGINT', exit: [null, 'SIGINT'] },
    { how: 'stop-on-signals', kill: 'SIGTERM', exit: [null, 'SIGTERM'] },
    { how: 'exit', exit: [3, null] },
    { how: 'throw', exit: [1, null] },
  ];
  for (const { how, kill, exit } of cases) {
    it(`${how}${kill === undefined ? '' : `, ${kill}`}`, async () => {
      const { caller, directory, pids } = await startCaller(how);
      const exited = once(caller, 'exit');
      if (kill !== undefined) {
        assert.equal(pids.length, 3);
        assert.ok(pids.every(isAlive));
        caller.kill(kill);
      }
      assert.deepEqual(await exited, exit);
      await until(() => !existsSync(directory) && !pids.some(isAlive));
    });
  }
});
