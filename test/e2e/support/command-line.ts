import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './bundle.ts';

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `sigma-operator` from the sources, with the environment of the tests. */
export function sigmaOperator(args: readonly string[], options: { readonly cwd?: string } = {}): CommandResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'src/cli/main.ts'), ...args], {
    encoding: 'utf8',
    ...options,
  });
  return { status, stdout, stderr };
}
