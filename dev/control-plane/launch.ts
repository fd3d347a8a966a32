import { rmSync, writeFileSync } from 'node:fs';
import type { SupervisedProcess, Supervisor } from '../supervisor/index.ts';
import { auditPolicyText } from './audit-options.ts';
import type { Binaries } from './binaries.ts';
import { apiServerFlags, controllerManagerFlags, etcdFlags, loopbackUrl, type Ports } from './component-flags.ts';
import { ControlPlaneError } from './control-plane-error.ts';
import type { Layout } from './layout.ts';
import type { ApiServerChanges } from './options.ts';
import { type ProbeTarget, waitUntilAnswered } from './probe.ts';

/** What every start of a component needs. */
export interface Stage {
  readonly supervisor: Supervisor;
  readonly binaries: Binaries;
  readonly layout: Layout;
  /** Of the launcher's own user. */
  readonly probeToken: string;
  readonly startTimeoutMs: number;
  readonly choosePorts: (count: number) => Promise<readonly number[]>;
}

/** A running etcd with a ready API server on it. */
export interface Storage {
  readonly ports: Ports;
  readonly etcd: SupervisedProcess;
  readonly apiServer: SupervisedProcess;
}

const ATTEMPTS = 5;

/** Starts etcd and kube-apiserver at once (the latter waits for the former), on other ports if these were just taken. */
export async function launchStorage(stage: Stage, settings: Required<ApiServerChanges>): Promise<Storage> {
  for (let attempt = 1; ; attempt += 1) {
    const ports = await choosePorts(stage);
    const etcd = await stage.supervisor.start({
      name: 'etcd',
      command: stage.binaries.etcd,
      args: etcdFlags(stage.layout, ports),
      stopSignal: 'SIGKILL',
    });
    try {
      const apiServer = await launchApiServer(stage, ports, settings, etcd);
      return { ports, etcd, apiServer };
    } catch (error) {
      await etcd.stop();
      if (!isAddressInUse(error) || attempt === ATTEMPTS) {
        throw error;
      }
      rmSync(stage.layout.etcdData, { recursive: true, force: true });
    }
  }
}

/** Starts kube-apiserver and waits until it is ready; if it does not get ready, it is stopped again. */
export async function launchApiServer(
  stage: Stage,
  ports: Ports,
  { audit, flags }: Required<ApiServerChanges>,
  etcd: SupervisedProcess,
): Promise<SupervisedProcess> {
  writeFileSync(stage.layout.auditPolicy, auditPolicyText(audit.policy));
  const apiServer = await stage.supervisor.start({
    name: 'kube-apiserver',
    command: stage.binaries.apiServer,
    args: apiServerFlags(stage.layout, ports, audit, flags),
  });
  try {
    await waitUntilAnswered(probeTarget(stage, ports), '/readyz', [etcd, apiServer], stage.startTimeoutMs);
    return apiServer;
  } catch (error) {
    await apiServer.stop({ signal: 'SIGKILL' });
    throw error;
  }
}

/** Starts kube-controller-manager and waits until it has done the first thing that others rely on. */
export async function launchControllerManager(
  stage: Stage,
  { ports, apiServer, etcd }: Storage,
  kubeconfig: string,
  flags: readonly string[],
): Promise<SupervisedProcess> {
  const controllerManager = await stage.supervisor.start({
    name: 'kube-controller-manager',
    command: stage.binaries.controllerManager,
    args: controllerManagerFlags(stage.layout, kubeconfig, flags),
    stopSignal: 'SIGKILL',
  });
  // Without it no Pod can be created in the namespace.
  const path = '/api/v1/namespaces/default/serviceaccounts/default';
  const needed = [etcd, apiServer, controllerManager];
  await waitUntilAnswered(probeTarget(stage, ports), path, needed, stage.startTimeoutMs);
  return controllerManager;
}

function probeTarget({ layout, probeToken }: Stage, ports: Ports): ProbeTarget {
  return {
    server: loopbackUrl('https', ports.apiServer),
    certificateAuthority: layout.certificateAuthority,
    token: probeToken,
  };
}

async function choosePorts(stage: Stage): Promise<Ports> {
  const [apiServer = 0, etcdClients = 0, etcdPeers = 0] = await stage.choosePorts(3);
  return { apiServer, etcdClients, etcdPeers };
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof ControlPlaneError && error.code === 'AddressInUse';
}
