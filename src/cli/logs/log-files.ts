import { readdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { rotatedLogName } from '../../audit/index.ts';
import { CommandFailure } from '../failure.ts';
import type { LogInput } from './log-input.ts';
import { readFailure } from './read-failure.ts';

/** One log: the file and its rotated parts, which belong together and have an order. */
export interface Log {
  /** The path of its active file, whether or not that is there. */
  readonly name: string;
  /** Not in order yet: see `inOrder`. */
  readonly parts: readonly LogInput[];
}

const LOG_NAME = /\.(?:log|jsonl?|ndjson)$/;

/**
 * The logs at paths: files, `-` for standard input, and folders, in which every `*.log`, `*.json`, `*.jsonl` and `*.ndjson` counts with its rotated and
 * compressed parts (hidden ones do not). Files that are parts of one log make one log. Throws a CommandFailure.
 */
export function findLogs(paths: readonly string[]): readonly Log[] {
  if (paths.filter((path) => path === '-').length > 1) throw new CommandFailure('StandardInputTwice', '-');
  const inputs = new Map<string, LogInput>();
  for (const path of paths) {
    if (path === '-') inputs.set('-', { name: '-', path: undefined, size: undefined });
    else for (const input of inputsAt(path)) inputs.set(resolve(input.name), input);
  }
  const logs = Map.groupBy(inputs.values(), ({ name, path }) =>
    path === undefined ? '-' : join(dirname(name), rotatedLogName(basename(name))),
  );
  return [...logs].map(([name, parts]) => ({ name, parts }));
}

function inputsAt(path: string): readonly LogInput[] {
  const stats = statOf(path);
  if (!stats.isDirectory()) return [{ name: path, path, size: stats.isFile() ? stats.size : undefined }];
  const inputs: LogInput[] = [];
  for (const name of namesIn(path)) {
    const inner = join(path, name);
    if (name.startsWith('.')) continue;
    const found = statSync(inner, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) inputs.push(...inputsAt(inner));
    else if (found?.isFile() === true && LOG_NAME.test(rotatedLogName(name)))
      inputs.push({ name: inner, path: inner, size: found.size });
  }
  return inputs;
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw readFailure(error, path);
  }
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path).toSorted();
  } catch (error) {
    throw readFailure(error, path);
  }
}
