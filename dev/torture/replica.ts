import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlPlane, SupervisedProcess } from '../control-plane/index.ts';
import { waitUntil } from '../demo/wait-until.ts';
import type { SmallVolume } from './small-volume.ts';

/** All replicas that read the log are on the one node. */
export const NODE = 'control-plane';

export interface ReplicaOptions {
  readonly plane: ControlPlane;
  /** Unique among the replicas. */
  readonly name: string;
  /** The bundle. */
  readonly program: string;
  /** Of the operator's ServiceAccount. */
  readonly kubeconfig: string;
  readonly port: number;
  readonly flags: readonly string[];
  /** Its state directory, which nothing else may be mounted over after its start. */
  readonly volume?: SmallVolume | undefined;
}

export function stateDirOf({ directory }: ControlPlane, replica: string): string {
  return join(directory, `state-${replica}`);
}

/** One replica of the operator, which is started, killed and started again, with one state directory. */
export class Replica {
  readonly #options: ReplicaOptions;
  #process: SupervisedProcess | undefined;
  #starts = 0;

  constructor(options: ReplicaOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  get starts(): number {
    return this.#starts;
  }

  get #stateDir(): string {
    return stateDirOf(this.#options.plane, this.name);
  }

  /** Why it does not run although nobody stopped it; undefined if all is well. */
  get fault(): string | undefined {
    const process = this.#process;
    if (process === undefined || process.exit === null || process.stopping) return undefined;
    return `the replica ${this.name} ended by itself:\n${process.logTail()}`;
  }

  /** Resolves when it runs; it is not ready yet. */
  async launch(): Promise<void> {
    const { plane, program, kubeconfig, port, flags, volume } = this.#options;
    this.#starts += 1;
    const args = [
      program,
      'run',
      `--kubeconfig=${kubeconfig}`,
      `--state-dir=${this.#stateDir}`,
      `--node-name=${NODE}`,
      `--replica-name=${this.name}`,
      `--listen=127.0.0.1:${port}`,
      ...flags,
    ];
    this.#process = await plane.run({
      name: `operator-${this.name}-${this.#starts}`,
      ...(volume?.enter(process.execPath, args) ?? { command: process.execPath, args }),
      env: { NODE_ENV: 'production', PATH: process.env['PATH'] },
    });
  }

  /** Resolves when it is ready; it may be standing by. */
  async ready(): Promise<void> {
    await waitUntil(
      `${this.name} to be ready`,
      async () => {
        if (this.fault !== undefined) throw new Error(this.fault);
        const response = await fetch(`http://127.0.0.1:${this.#options.port}/readyz`).catch(() => undefined);
        return response?.ok === true ? true : undefined;
      },
      60,
    );
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.#process?.stop({ signal: 'SIGKILL' });
  }

  /** SIGTERM, as a pod gets it. Resolves with the exit code. */
  async stop(): Promise<number | null> {
    const exit = await this.#process?.stop({ graceMs: 30_000 });
    return exit?.code ?? null;
  }

  /** It stands still for so many milliseconds, as a machine without CPU does. */
  async freeze(milliseconds: number): Promise<void> {
    await this.#process?.signal('SIGSTOP');
    await sleep(milliseconds);
    await this.#process?.signal('SIGCONT');
  }

  /** Only while it does not run. */
  loseState(): void {
    rmSync(this.#stateDir, { recursive: true, force: true });
  }
}
