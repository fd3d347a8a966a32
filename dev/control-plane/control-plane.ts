import { dirname } from 'node:path';
import { describeExit, type StartOptions, type SupervisedProcess, type Supervisor } from '../supervisor/index.ts';
import { loopbackUrl } from './component-flags.ts';
import { ControlPlaneError } from './control-plane-error.ts';
import type { KubeconfigStore } from './kubeconfig-store.ts';
import { type KubectlResult, kubectlFailed, runKubectl } from './kubectl.ts';
import { launchApiServer, type Stage, type Storage } from './launch.ts';
import type {
  ApiServerChanges,
  ApiServerStop,
  ControlPlaneOptions,
  Identity,
  KubectlOptions,
  UnexpectedExit,
} from './options.ts';
import { ADMIN } from './users.ts';

const SERVICE_ACCOUNT_TOKEN_SECONDS = 24 * 3600;

/** What a started control plane consists of. */
export interface Parts {
  readonly stage: Stage;
  readonly storage: Storage;
  readonly controllerManager: SupervisedProcess | null;
  readonly kubeconfigs: KubeconfigStore;
  readonly kubectlPath: string;
  readonly settings: Required<ApiServerChanges>;
  readonly onUnexpectedExit: ControlPlaneOptions['onUnexpectedExit'];
}

/** A running control plane. Made by `startControlPlane`. */
export class ControlPlane {
  /** `https://127.0.0.1:PORT`; the same for its whole life. */
  readonly server: string;
  /** Temporary: {@link stop}, or the end of this process, removes it. */
  readonly directory: string;
  /** Path of the audit log. Its folder holds its backups and nothing else. */
  readonly auditLog: string;
  /** A `kubectl` for people: talks to this control plane as `admin` and leaves their ~/.kube alone. */
  readonly kubectlPath: string;

  readonly #stage: Stage;
  readonly #storage: Storage;
  readonly #kubeconfigs: KubeconfigStore;
  readonly #onUnexpectedExit: ControlPlaneOptions['onUnexpectedExit'];
  #settings: Required<ApiServerChanges>;
  #apiServer: SupervisedProcess | null;
  #etcdPaused = false;
  #failures: readonly UnexpectedExit[] = [];
  #stopped: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#stage = parts.stage;
    this.#storage = parts.storage;
    this.#kubeconfigs = parts.kubeconfigs;
    this.#settings = parts.settings;
    this.#onUnexpectedExit = parts.onUnexpectedExit;
    this.#apiServer = parts.storage.apiServer;
    this.server = loopbackUrl('https', parts.storage.ports.apiServer);
    this.directory = parts.stage.layout.directory;
    this.auditLog = parts.stage.layout.auditLog;
    this.kubectlPath = parts.kubectlPath;
    for (const component of [parts.storage.etcd, parts.storage.apiServer, parts.controllerManager]) {
      this.#watch(component);
    }
  }

  /** True while the API server is up and nothing that was not stopped has died. */
  get ready(): boolean {
    return this.#stopped === undefined && this.#apiServer !== null && !this.#etcdPaused && this.#failures.length === 0;
  }

  /** The folder of {@link auditLog}. */
  get auditDirectory(): string {
    return dirname(this.auditLog);
  }

  /** Owns the processes. Whatever else is started with it ends with the control plane, too, and before it. */
  get supervisor(): Supervisor {
    return this.#stage.supervisor;
  }

  /** The bearer token of `admin` or of a user given in the options. */
  token(user: string): string {
    return this.#kubeconfigs.token(user);
  }

  /** The path of a kubeconfig file; the file goes when the control plane does. */
  kubeconfig(identity: Identity = ADMIN): string {
    return this.#kubeconfigs.path(identity);
  }

  /** Starts another process, such as an operator, that ends with the control plane or with the caller. */
  run(options: StartOptions): Promise<SupervisedProcess> {
    return this.supervisor.start(options);
  }

  /** Runs kubectl. Rejects with KubectlFailed on an exit code other than 0, unless `allowFailure`. */
  async kubectl(args: readonly string[], options: KubectlOptions = {}): Promise<KubectlResult> {
    this.#refuseIfStopped();
    const { as, allowFailure, ...rest } = options;
    let release = (): void => {};
    const command = {
      binary: this.#stage.binaries.kubectl,
      args,
      kubeconfig: this.kubeconfig(as),
      cacheDirectory: this.#stage.layout.kubectlCache,
      ...rest,
    };
    try {
      const result = await runKubectl(command, (child) => {
        release = this.supervisor.adopt(child);
      });
      if (result.code !== 0 && allowFailure !== true) {
        throw kubectlFailed(args, result, this.#failures.map(({ message }) => message).join('\n'));
      }
      return result;
    } finally {
      release();
    }
  }

  /** A bearer token of a ServiceAccount. */
  async serviceAccountToken(
    namespace: string,
    name: string,
    durationSeconds = SERVICE_ACCOUNT_TOKEN_SECONDS,
  ): Promise<string> {
    const duration = `--duration=${durationSeconds}s`;
    const { stdout } = await this.kubectl(['create', 'token', name, `--namespace=${namespace}`, duration]);
    return stdout.trim();
  }

  /** Resolves when the API server has ended. No effect when it does not run. */
  async stopApiServer({ signal = 'SIGTERM' }: ApiServerStop = {}): Promise<void> {
    const apiServer = this.#apiServer;
    this.#apiServer = null;
    await apiServer?.stop({ signal });
  }

  /**
   * Starts the API server after {@link stopApiServer}, or after it died, on the same port with the same data. Resolves when it
   * is ready. No effect while it runs.
   */
  async startApiServer(changes: ApiServerChanges = {}): Promise<void> {
    this.#refuseIfStopped();
    if (this.#apiServer?.exit === null) {
      return;
    }
    this.#settings = {
      audit: { ...this.#settings.audit, ...changes.audit },
      flags: changes.flags ?? this.#settings.flags,
    };
    const { ports, etcd } = this.#storage;
    this.#apiServer = await launchApiServer(this.#stage, ports, this.#settings, etcd);
    this.#failures = this.#failures.filter(({ component }) => component !== this.#apiServer?.name);
    this.#watch(this.#apiServer);
  }

  async restartApiServer(options: ApiServerStop & ApiServerChanges = {}): Promise<void> {
    await this.stopApiServer(options);
    await this.startApiServer(options);
  }

  /** Freezes etcd: the API server then neither reads nor writes, and requests hang. */
  async pauseEtcd(): Promise<void> {
    this.#etcdPaused = true;
    await this.#storage.etcd.signal('SIGSTOP');
  }

  async resumeEtcd(): Promise<void> {
    await this.#storage.etcd.signal('SIGCONT');
    this.#etcdPaused = false;
  }

  /** Ends everything that runs and removes the directory. Idempotent. */
  stop(): Promise<void> {
    this.#stopped ??= this.supervisor.stop();
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #watch(component: SupervisedProcess | null): void {
    void component?.exited.then((exit) => {
      if (component.stopping || this.#stopped !== undefined) {
        return;
      }
      const message = `${component.name} ended unexpectedly (${describeExit(exit)}):\n${component.logTail()}`;
      const failure = { component: component.name, message };
      this.#failures = [...this.#failures, failure];
      this.#onUnexpectedExit?.(failure);
    });
  }

  #refuseIfStopped(): void {
    if (this.#stopped !== undefined) {
      throw new ControlPlaneError('Stopped', 'This control plane was stopped.', 'Start another one.');
    }
  }
}
