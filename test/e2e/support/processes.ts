import { spawnSync } from 'node:child_process';

interface ProcessLine {
  readonly pid: number;
  readonly parent: number;
}

/** All descendants of a process that run now. */
export function descendantsOf(pid: number): readonly number[] {
  const children = processes()
    .filter(({ parent }) => parent === pid)
    .map((child) => child.pid);
  return [...children, ...children.flatMap(descendantsOf)];
}

/** Whether a process runs; one that has ended and whom nobody has waited for does not. */
export function isRunning(pid: number): boolean {
  return processes().some((line) => line.pid === pid);
}

function processes(): readonly ProcessLine[] {
  const { stdout, pid: ps } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => state?.startsWith('Z') === false)
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }))
    .filter(({ pid }) => pid !== ps);
}
