import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './is-alive.ts';

const HEARTBEAT_MS = 5000;
/** A holder that has shown no sign of life for so long is taken for dead. */
const STALE_MS = 60_000;
const POLL_MS = 250;

/** Who holds a lock, as written in its file. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
}

/** A lock that is held. */
export interface HeldLock {
  release(): void;
}

/**
 * Takes the lock `path`. While another process holds it, `onWait` is called with its holder, a few times a second; when it
 * answers false, waiting ends and the result is null. The lock of a dead process is taken over.
 *
 * The lock only saves work: in the moment of a takeover two may hold it. What is done under it must be safe all the same.
 */
export async function acquireLock(path: string, onWait: (holder: LockHolder) => boolean): Promise<HeldLock | null> {
  mkdirSync(dirname(path), { recursive: true });
  const own = JSON.stringify({ pid: process.pid, host: hostname() } satisfies LockHolder);
  for (;;) {
    if (create(path, own)) {
      return hold(path, own);
    }
    const content = readText(path);
    const holder = content === null ? null : parseHolder(content);
    if (content !== null && isStale(path, holder)) {
      takeAway(path, content);
      continue;
    }
    if (holder !== null && !onWait(holder)) {
      return null;
    }
    await sleep(POLL_MS);
  }
}

function create(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) {
      return false;
    }
    throw error;
  }
}

function hold(path: string, own: string): HeldLock {
  const heartbeat = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date());
    } catch {
      // Somebody removed it: the work goes on, at worst done twice.
    }
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    release() {
      clearInterval(heartbeat);
      if (readText(path) === own) {
        rmSync(path, { force: true });
      }
    },
  };
}

/** Null when the holder is just writing it. */
function parseHolder(content: string): LockHolder | null {
  try {
    const { pid, host }: { pid?: unknown; host?: unknown } = JSON.parse(content);
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : null;
  } catch {
    return null;
  }
}

function isStale(path: string, holder: LockHolder | null): boolean {
  return (holder?.host === hostname() && !isAlive(holder.pid)) || ageOf(path) > STALE_MS;
}

function takeAway(path: string, staleContent: string): void {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
    if (readText(aside) !== staleContent) {
      // Somebody else was faster, and this is the new lock: give it back.
      renameSync(aside, path);
    }
  } catch {
    // Somebody else took it away.
  }
  rmSync(aside, { force: true });
}

function ageOf(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
