import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { GO_COMMAND, MINIMUM_GO } from './go-tool.ts';
import { GoToolError } from './go-tool-error.ts';

const run = promisify(execFile);
const REQUIRED = `${MINIMUM_GO.major}.${MINIMUM_GO.minor}`;

/**
 * Checks that the `go` command on the PATH can build the module in `moduleDirectory`. A Go that is older than the module asks
 * for, but allowed to switch (`GOTOOLCHAIN=auto`), downloads the right one here.
 */
export async function checkGo(moduleDirectory: string, env: NodeJS.ProcessEnv): Promise<void> {
  let version: string;
  try {
    ({ stdout: version } = await run(GO_COMMAND, ['env', 'GOVERSION'], { cwd: moduleDirectory, env }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new GoToolError('GoMissing', 'There is no `go` command on the PATH.', remedy('Install'));
    }
    throw new GoToolError('GoTooOld', `\`go env\` failed: ${String(error)}`, remedy('Install'));
  }
  if (!isRecentEnough(version)) {
    throw new GoToolError(
      'GoTooOld',
      `Go ${REQUIRED} or newer is needed; this is ${version.trim()}.`,
      remedy('Update to'),
    );
  }
}

/** Of a version as Go prints it: `go1.26.8`, `go1.27rc1`, `devel go1.28-abcdef`. */
export function isRecentEnough(goVersion: string): boolean {
  const match = /go(\d+)\.(\d+)/.exec(goVersion);
  if (match === null) {
    return false;
  }
  const major = Number(match[1]);
  const minor = Number(match[2]);
  return major > MINIMUM_GO.major || (major === MINIMUM_GO.major && minor >= MINIMUM_GO.minor);
}

function remedy(verb: string): string {
  return `${verb} Go ${REQUIRED} or newer (https://go.dev/dl/), or set GOTOOLCHAIN=auto where an older Go may download it.`;
}
