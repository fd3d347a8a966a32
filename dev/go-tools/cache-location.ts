import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { GoTools } from './go-tool.ts';

/** Changes when the way programs are built changes, so that older ones are not taken for current. */
const RECIPE = '1';

/** Where the programs of `tools` are kept: `${XDG_CACHE_HOME:-~/.cache}/sigma-operator/<name>/<key>`. */
export function cacheLocation(tools: GoTools, env: NodeJS.ProcessEnv): string {
  // The XDG base directory specification: a relative path is invalid and to be ignored.
  const configured = env['XDG_CACHE_HOME'];
  const base = configured?.startsWith('/') ? configured : join(homedir(), '.cache');
  return join(base, 'sigma-operator', tools.name, cacheKey(tools));
}

/** Everything that decides what a build gives: the pinned modules, the platform, the flags. */
function cacheKey(tools: GoTools): string {
  const hash = createHash('sha256');
  const { moduleDirectory, buildTags = [], linkerFlags = [] } = tools;
  for (const part of [
    RECIPE,
    readFileSync(join(moduleDirectory, 'go.mod')),
    readFileSync(join(moduleDirectory, 'go.sum')),
    `${process.platform}-${process.arch}`,
    buildTags.join(','),
    linkerFlags.join(' '),
  ]) {
    hash.update(part).update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}
