import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { executableName } from '../../../dev/go-tools/find-or-build.ts';
import { type BuildProgress, findOrBuild, GoToolError } from '../../../dev/go-tools/index.ts';
import { type FakeGo, type FakeMachine, fakeMachine } from './fake-go.ts';

const GO = { version: 'go1.26.8' };

describe('a Go tool that is built once and cached', () => {
  let machine: FakeMachine;
  let progress: BuildProgress[];

  function on(go: FakeGo): void {
    machine = fakeMachine(go);
    progress = [];
  }
  function find(names?: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const options = { env: machine.env, ...(names === undefined ? {} : { names }) };
    return findOrBuild(machine.tools, (event) => progress.push(event), options);
  }
  function builds(): readonly string[] {
    return machine.goCommands().filter((command) => command.startsWith('build '));
  }
  afterEach(() => machine.remove());

  it('is built, put in the cache, and found there the next time', async () => {
    on(GO);
    const paths = await find();
    assert.deepEqual([...paths.keys()], ['first', 'second']);
    assert.equal(readFileSync(paths.get('first') ?? '', 'utf8'), '#!one\n');
    assert.deepEqual(await find(), paths);
    assert.equal(builds().length, 1);
    assert.match(builds()[0] ?? '', /^build -v -trimpath -mod=readonly -ldflags=-s -w -o .* CGO_ENABLED=0$/);
    assert.deepEqual(readdirSync(machine.cache), [basename(join(paths.get('first') ?? '', '..'))]);
  });

  it('says what it does', async () => {
    on(GO);
    await find();
    assert.deepEqual(
      progress.map(({ phase }) => phase),
      ['starting', 'downloading', 'compiling', 'built'],
    );
    const compiling = progress.find((event) => event.phase === 'compiling');
    assert.deepEqual(
      { ...compiling, elapsedMs: 0 },
      { phase: 'compiling', what: 'first, second', compiled: 0, total: 2, elapsedMs: 0 },
    );
  });

  it('is built only as far as it is wanted and missing', async () => {
    on(GO);
    await find(['second']);
    await find(['first', 'second']);
    assert.deepEqual(
      builds().map((command) => command.split(' ').filter((word) => word.startsWith('example.com/'))),
      [['example.com/two'], ['example.com/one/v3']],
    );
    await find([]);
  });

  it('is built anew when the pinned modules or the flags change', async () => {
    on(GO);
    await find();
    writeFileSync(join(machine.tools.moduleDirectory, 'go.sum'), 'changed');
    await find();
    machine = { ...machine, tools: { ...machine.tools, buildTags: ['small'], linkerFlags: ['-X=a.b=c'] } };
    await find();
    assert.equal(builds().length, 3);
    assert.match(builds()[2] ?? '', / -tags=small -ldflags=-s -w -X=a\.b=c /);
  });

  it('is built once when several ask at the same time', async () => {
    on(GO);
    const all = await Promise.all([find(), find(), find()]);
    assert.deepEqual(all[1], all[0]);
    assert.equal(builds().length, 1);
    assert.ok(progress.some((event) => event.phase === 'waiting' && event.pid === process.pid));
  });

  it('is built when whoever was building it was killed', async () => {
    on(GO);
    const paths = await find();
    const key = basename(join(paths.get('first') ?? '', '..'));
    writeFileSync(join(machine.tools.moduleDirectory, 'go.sum'), 'changed');
    const changed = basename(join((await find()).get('first') ?? '', '..'));
    assert.notEqual(changed, key);

    machine.remove();
    on(GO);
    mkdirSync(machine.cache, { recursive: true });
    mkdirSync(join(machine.cache, `${key}.unfinished-999999999-abc`));
    writeFileSync(join(machine.cache, `${key}.lock`), JSON.stringify({ pid: 999999999, host: hostname() }));
    await find();
    assert.deepEqual(readdirSync(machine.cache), [key]);
  });

  const failures: readonly { name: string; go: FakeGo; code: string; message: RegExp }[] = [
    { name: 'there is no Go', go: {}, code: 'GoMissing', message: /no `go` command.*\n.*Install Go 1\.26/ },
    {
      name: 'Go is too old',
      go: { version: 'go1.25.3' },
      code: 'GoTooOld',
      message: /this is go1\.25\.3\.\nUpdate to Go 1\.26/,
    },
    {
      name: 'the build fails',
      go: { ...GO, build: 'echo example.com/one >&2; echo "one.go:1: no space left" >&2; exit 2' },
      code: 'GoBuildFailed',
      message: /`go build` failed \(exit code 2\):\none\.go:1: no space left\n.*3 GiB of disk/,
    },
  ];
  for (const { name, go, code, message } of failures) {
    it(`says so when ${name}, and leaves nothing`, async () => {
      on(go);
      await assert.rejects(find(), (error) => {
        assert.ok(error instanceof GoToolError);
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
      });
      const left = readdirSync(machine.cache).filter((entry) => /lock|unfinished/.test(entry));
      assert.deepEqual(left, []);
    });
  }
});

describe('the name that go build gives a program', () => {
  for (const [importPath, name] of [
    ['k8s.io/kubernetes/cmd/kubectl', 'kubectl'],
    ['go.etcd.io/etcd/server/v3', 'server'],
    ['example.com/v12', 'example.com'],
    ['example.com/tool/v1', 'v1'],
    ['example.com/verbose', 'verbose'],
  ] as const) {
    it(`of ${importPath} is ${name}`, () => assert.equal(executableName(importPath), name));
  }
});
