import { writeFileSync } from 'node:fs';
import { type SupervisedProcess, startSupervisor } from '../supervisor/index.ts';
import { auditPolicyText } from './audit-options.ts';
import { findOrBuildBinaries } from './binaries.ts';
import { loopbackUrl } from './component-flags.ts';
import { ControlPlane } from './control-plane.ts';
import { KubeconfigStore } from './kubeconfig-store.ts';
import { kubectlEnvironment, writeKubectlScript } from './kubectl-script.ts';
import { launchControllerManager, launchStorage, type Stage } from './launch.ts';
import { createLayout, type Layout } from './layout.ts';
import type { ControlPlaneOptions } from './options.ts';
import { freePorts } from './ports.ts';
import { generateServiceAccountKeys } from './service-account-keys.ts';
import { ADMIN, CONTROLLER_MANAGER, LAUNCHER, tokenFile, type UserWithToken, withTokens } from './users.ts';

/**
 * Starts a real control plane: etcd, kube-apiserver with RBAC and an audit log, kube-controller-manager; everything on 127.0.0.1, on
 * free ports, in a temporary directory. Several may run side by side. It ends with {@link ControlPlane.stop}, or when this
 * process ends in whatever way, kill -9 included; for an orderly end on Ctrl-C see `stopOnSignals`.
 *
 * Rejects with a {@link ControlPlaneError} that holds the end of the component's log when one does not come up; nothing is left then.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const users = withTokens(options.users ?? []);
  const settings = { audit: options.audit ?? {}, flags: options.apiServerFlags ?? [] };
  auditPolicyText(settings.audit.policy);
  const step = timedSteps(options.onStep ?? (() => {}));
  const binaries = options.binaries ?? (await findOrBuildBinaries(options.onBuildProgress ?? (() => {})));
  const supervisor = await startSupervisor({
    directoryPrefix: options.directoryPrefix ?? 'sigma-operator-control-plane-',
  });
  try {
    const layout = createLayout(supervisor.directory, settings.audit.directory);
    await writeCredentials(layout, users);
    const stage: Stage = {
      supervisor,
      binaries,
      layout,
      probeToken: users.get(LAUNCHER)?.token ?? '',
      startTimeoutMs: options.startTimeoutMs ?? 120_000,
      choosePorts: options.choosePorts ?? freePorts,
    };
    const storage = await launchStorage(stage, settings);
    const server = loopbackUrl('https', storage.ports.apiServer);
    step(`etcd and kube-apiserver are ready at ${server}`);
    const kubeconfigs = new KubeconfigStore(layout, server, users);
    let controllerManager: SupervisedProcess | null = null;
    if (options.controllerManager !== false) {
      const kubeconfig = kubeconfigs.path(CONTROLLER_MANAGER);
      const flags = options.controllerManagerFlags ?? [];
      controllerManager = await launchControllerManager(stage, storage, kubeconfig, flags);
      step('kube-controller-manager works');
    }
    const environment = kubectlEnvironment(kubeconfigs.path(ADMIN), layout.kubectlCache);
    return new ControlPlane({
      stage,
      storage,
      controllerManager,
      kubeconfigs,
      kubectlPath: writeKubectlScript(layout.programs, binaries.kubectl, environment),
      settings,
      onUnexpectedExit: options.onUnexpectedExit,
    });
  } catch (error) {
    await supervisor.stop({ graceMs: 0 });
    throw error;
  }
}

async function writeCredentials(layout: Layout, users: ReadonlyMap<string, UserWithToken>): Promise<void> {
  const keys = await generateServiceAccountKeys();
  writeFileSync(layout.serviceAccountPrivateKey, keys.privateKey, { mode: 0o600 });
  writeFileSync(layout.serviceAccountPublicKey, keys.publicKey);
  writeFileSync(layout.tokens, tokenFile(users.values()), { mode: 0o600 });
}

function timedSteps(onStep: (text: string) => void): (text: string) => void {
  const startedAt = performance.now();
  return (text) => onStep(`${text} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
}
