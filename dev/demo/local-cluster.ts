import { join } from 'node:path';
import { type ControlPlane, progressPrinter, startControlPlane } from '../control-plane/index.ts';
import type { DemoCluster, KubectlCall, RunningOperator } from './demo-cluster.ts';
import { freePort, operatorArguments, whenServing } from './operator-process.ts';

/** A control plane of the demo's own: real etcd, kube-apiserver and kube-controller-manager on loopback. */
export async function localCluster(say: (text: string) => void): Promise<DemoCluster> {
  const plane = await startControlPlane({
    users: [{ name: 'alice', groups: ['developers'] }],
    onBuildProgress: progressPrinter(process.stderr),
    onStep: say,
    directoryPrefix: 'sigma-operator-demo-',
  });
  return {
    auditLog: plane.auditLog,
    kubectlLine: `${plane.kubectlPath} --kubeconfig ${plane.kubeconfig()}`,
    kubectl: async (args, options = {}) => await kubectl(plane, args, options),
    startOperator: async () => await startOperator(plane),
    stop: async () => await plane.stop(),
  };
}

async function kubectl(plane: ControlPlane, args: readonly string[], { as, ...rest }: KubectlCall) {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(as ?? '');
  const identity =
    account === null ? as : { token: await plane.serviceAccountToken(account[1] ?? '', account[2] ?? '') };
  return await plane.kubectl(args, { ...rest, ...(identity !== undefined && { as: identity }) });
}

async function startOperator(plane: ControlPlane): Promise<RunningOperator> {
  const token = await plane.serviceAccountToken('sigma-operator', 'sigma-operator');
  const port = await freePort();
  const stateDir = join(plane.directory, 'operator-state');
  const process_ = await plane.run({
    name: 'sigma-operator',
    command: process.execPath,
    args: operatorArguments({ kubeconfig: plane.kubeconfig({ token }), stateDir, port }),
  });
  const operator = {
    url: `http://127.0.0.1:${port}`,
    logTail: () => process_.logTail(),
    ended: process_.exited,
  };
  await whenServing(operator);
  return operator;
}
