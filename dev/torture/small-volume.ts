import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlPlane, SupervisedProcess } from '../control-plane/index.ts';
import { waitUntil } from '../demo/wait-until.ts';

/** What a program is started with so that it sees the volume. */
export interface Entered {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * A small volume in memory, mounted for a process that does nothing else and for those that enter: it ends with that process,
 * and so with the control plane, whatever happens to us. Linux, and the right to mount.
 */
export class SmallVolume {
  readonly #holder: SupervisedProcess;
  /** As the holder sees it. */
  readonly #path: string;

  private constructor(holder: SupervisedProcess, path: string) {
    this.#holder = holder;
    this.#path = path;
  }

  /** Undefined where we may not mount anything. */
  static async mount(plane: ControlPlane, path: string, megabytes: number): Promise<SmallVolume | undefined> {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
    mkdirSync(path, { recursive: true });
    const script = `mount -t tmpfs -o size=${megabytes}m,mode=0700 tmpfs "$0" && echo mounted && exec sleep infinity`;
    const holder = await plane.run({
      name: 'small-volume',
      command: 'unshare',
      args: ['--mount', '--propagation', 'private', 'sh', '-c', script, path],
    });
    const mounted = await waitUntil('the small volume', async () => {
      if (holder.exit !== null) return false;
      return readFileSync(holder.logFile, 'utf8').includes('mounted') ? true : undefined;
    });
    return mounted ? new SmallVolume(holder, path) : undefined;
  }

  enter(command: string, args: readonly string[]): Entered {
    return { command: 'nsenter', args: [`--target=${this.#holder.pid}`, '--mount', command, ...args] };
  }

  /** Nothing more can be written until `free`, but what others make room for. */
  fill(): void {
    const piece = Buffer.alloc(64 * 1024);
    try {
      for (let n = 0; ; n++) writeFileSync(this.#ballast(), piece, { flag: n === 0 ? 'w' : 'a' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }

  free(): void {
    rmSync(this.#ballast(), { force: true });
  }

  #ballast(): string {
    return join(this.#seen(), 'ballast');
  }

  #seen(): string {
    return join('/proc', String(this.#holder.pid), 'root', this.#path);
  }
}
