import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Build, buildPrograms } from './build.ts';
import { cacheLocation } from './cache-location.ts';
import type { GoProgram, GoTools } from './go-tool.ts';
import { isAlive } from './is-alive.ts';
import { acquireLock } from './lock-file.ts';
import type { OnBuildProgress } from './progress.ts';
import { checkGo } from './toolchain.ts';

export interface FindOptions {
  /** Which of the programs. Default: all. */
  readonly names?: readonly string[];
  /** Where to look for Go, its settings and XDG_CACHE_HOME. Default: this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The paths of the programs of `tools`: from our cache, else built with Go and put there. Each
 * program appears in the cache in one atomic step, complete. Several processes may ask at once: one builds, the others wait.
 * Throws {@link GoToolError} when there is no suitable Go, or the build fails.
 */
export async function findOrBuild(
  tools: GoTools,
  onProgress: OnBuildProgress,
  options: FindOptions = {},
): Promise<ReadonlyMap<string, string>> {
  const { names = tools.programs.map(({ name }) => name), env = process.env } = options;
  const startedAt = performance.now();
  const elapsedMs = (): number => performance.now() - startedAt;
  const wanted = tools.programs.filter(({ name }) => names.includes(name));
  const cache = cacheLocation(tools, env);
  const missing = (): readonly GoProgram[] => wanted.filter(({ name }) => !isExecutable(join(cache, name)));

  if (missing().length > 0) {
    const what = missing()
      .map(({ name }) => name)
      .join(', ');
    const lock = await acquireLock(`${cache}.lock`, ({ pid }) => {
      onProgress({ phase: 'waiting', what, pid, elapsedMs: elapsedMs() });
      return missing().length > 0;
    });
    try {
      if (lock !== null && missing().length > 0) {
        await checkGo(tools.moduleDirectory, env);
        onProgress({ phase: 'starting', what, estimate: tools.estimate, elapsedMs: elapsedMs() });
        await buildIntoCache(cache, { tools, programs: missing(), env, onProgress, elapsedMs });
        onProgress({ phase: 'built', what, directory: cache, elapsedMs: elapsedMs() });
      }
    } finally {
      lock?.release();
    }
  }
  return new Map(wanted.map(({ name }) => [name, join(cache, name)]));
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function buildIntoCache(cache: string, build: Omit<Build, 'directory'>): Promise<void> {
  mkdirSync(cache, { recursive: true });
  removeAbandoned(cache);
  const directory = mkdtempSync(`${cache}.unfinished-${process.pid}-`);
  try {
    await buildPrograms({ ...build, directory });
    for (const program of build.programs) {
      renameSync(join(directory, executableName(program.package)), join(cache, program.name));
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What builders left that were killed. */
function removeAbandoned(cache: string): void {
  const prefix = `${basename(cache)}.unfinished-`;
  for (const entry of readdirSync(dirname(cache))) {
    if (entry.startsWith(prefix) && !isAlive(Number.parseInt(entry.slice(prefix.length), 10))) {
      rmSync(join(dirname(cache), entry), { recursive: true, force: true });
    }
  }
}

/** The name that `go build` gives: the last element of the import path that is no major version. */
export function executableName(importPath: string): string {
  const elements = importPath.split('/');
  const last = elements.at(-1) ?? importPath;
  return /^v[2-9]\d*$|^v1\d+$/.test(last) && elements.length > 1 ? (elements.at(-2) ?? last) : last;
}
