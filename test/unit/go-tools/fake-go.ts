import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GoTools } from '../../../dev/go-tools/index.ts';

/** A machine for one test: a cache, a Go module with two programs, and a `go` command that is a shell script of ours. */
export interface FakeMachine {
  readonly env: NodeJS.ProcessEnv;
  readonly tools: GoTools;
  /** Folder of the cache of these tools, which holds their key. */
  readonly cache: string;
  /** The command lines that `go` got so far. */
  goCommands(): readonly string[];
  remove(): void;
}

export interface FakeGo {
  /** What `go env GOVERSION` prints. Without it there is no `go`. */
  readonly version?: string;
  /** Shell commands that `go build` runs; `$out` is the output folder. */
  readonly build?: string;
}

const BUILD = `echo example.com/one >&2; echo example.com/two >&2; for p in one two; do echo "#!$p" > "$out/$p"; chmod +x "$out/$p"; done`;

export function fakeMachine({ version, build = BUILD }: FakeGo): FakeMachine {
  const root = mkdtempSync(join(tmpdir(), 'sigma-operator-go-tools-'));
  const bin = join(root, 'bin');
  const log = join(root, 'go.log');
  const moduleDirectory = join(root, 'module');
  mkdirSync(bin);
  mkdirSync(moduleDirectory);
  writeFileSync(join(moduleDirectory, 'go.mod'), 'module example.com/tools\n');
  writeFileSync(join(moduleDirectory, 'go.sum'), '');
  if (version !== undefined) {
    writeFileSync(
      join(bin, 'go'),
      `#!/bin/sh
echo "$* CGO_ENABLED=$CGO_ENABLED" >> '${log}'
case $1 in
  env) echo '${version}' ;;
  list) echo 'go: downloading example.com/one v1.0.0' >&2; echo example.com/one; echo example.com/two ;;
  build)
    while [ "$1" != -o ]; do shift; done
    out=$2
    ${build}
    ;;
esac
`,
    );
    chmodSync(join(bin, 'go'), 0o755);
  }
  return {
    env: { PATH: version === undefined ? bin : `${bin}:/usr/bin:/bin`, XDG_CACHE_HOME: join(root, 'cache') },
    tools: {
      name: 'tools',
      moduleDirectory,
      programs: [
        { name: 'first', package: 'example.com/one/v3' },
        { name: 'second', package: 'example.com/two' },
      ],
      estimate: 'a moment',
    },
    cache: join(root, 'cache', 'sigma-operator', 'tools'),
    goCommands: () => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
