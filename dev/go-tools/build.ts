import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { GO_COMMAND, type GoProgram, type GoTools } from './go-tool.ts';
import { GoToolError } from './go-tool-error.ts';
import type { OnBuildProgress } from './progress.ts';

/** Lines of Go's standard error that are kept for an error message. */
const KEPT_LINES = 30;
const TICK_MS = 1000;
/** What `go build -v` prints of each package that it compiles: its import path. */
const PACKAGE_LINE = /^[^\s:]+$/;

/** One run of Go. */
export interface Build {
  readonly tools: GoTools;
  readonly programs: readonly GoProgram[];
  /** Existing and empty; the programs end up here, named as `go build` names them. */
  readonly directory: string;
  /** Go's environment variables are respected, but for CGO_ENABLED and GOWORK. */
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress: OnBuildProgress;
  readonly elapsedMs: () => number;
}

/** Downloads what is missing, and builds. Throws {@link GoToolError} with the end of what Go said. */
export async function buildPrograms(build: Build): Promise<void> {
  const { tools, onProgress, elapsedMs } = build;
  const what = build.programs.map(({ name }) => name).join(', ');
  const packages = build.programs.map((program) => program.package);
  const flags = ['-mod=readonly', ...(tools.buildTags === undefined ? [] : [`-tags=${tools.buildTags.join(',')}`])];

  let modules = 0;
  const downloading = (): void => onProgress({ phase: 'downloading', what, modules, elapsedMs: elapsedMs() });
  const list = await ticking(downloading, () =>
    runGo(build, ['list', '-deps', ...flags, ...packages], (line) => {
      modules += line.startsWith('go: downloading ') ? 1 : 0;
    }),
  );
  const total = list.trimEnd().split('\n').length;

  let compiled = 0;
  const compiling = (): void => onProgress({ phase: 'compiling', what, compiled, total, elapsedMs: elapsedMs() });
  const linkerFlags = ['-s', '-w', ...(tools.linkerFlags ?? [])].join(' ');
  const output = ['-o', `${build.directory}/`];
  await ticking(compiling, () =>
    runGo(build, ['build', '-v', '-trimpath', ...flags, `-ldflags=${linkerFlags}`, ...output, ...packages], (line) => {
      compiled += PACKAGE_LINE.test(line) ? 1 : 0;
    }),
  );
}

async function ticking<T>(tick: () => void, work: () => Promise<T>): Promise<T> {
  tick();
  const timer = setInterval(tick, TICK_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Runs `go` and resolves with its standard output. Should we be killed, Go dies of the closed pipe at its next line. */
function runGo({ tools, env }: Build, args: readonly string[], onErrorLine: (line: string) => void): Promise<string> {
  const child = spawn(GO_COMMAND, args, {
    cwd: tools.moduleDirectory,
    env: { ...env, CGO_ENABLED: '0', GOWORK: 'off' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  const kept: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    onErrorLine(line);
    if (!PACKAGE_LINE.test(line) && kept.push(line) > KEPT_LINES) {
      kept.shift();
    }
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) {
        resolve(Buffer.concat(output).toString());
      } else {
        reject(buildFailed(args[0] ?? '', code, signal, kept));
      }
    });
  });
}

function buildFailed(
  command: string,
  code: number | null,
  signal: string | null,
  lines: readonly string[],
): GoToolError {
  return new GoToolError(
    'GoBuildFailed',
    `\`go ${command}\` failed (${signal ?? `exit code ${code}`}):\n${lines.join('\n')}`,
    'A first build needs a Go module proxy (GOPROXY), 3 GiB of disk for Go’s caches (GOCACHE, GOMODCACHE) and 4 GiB of memory.',
  );
}
