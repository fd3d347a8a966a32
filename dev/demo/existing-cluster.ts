import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Supervisor, startSupervisor } from '../supervisor/index.ts';
import type { DemoCluster, KubectlCall, KubectlOutcome, RunningOperator } from './demo-cluster.ts';
import { CRDS } from './install.ts';
import { freePort, type Keeping, keepServing, operatorArguments } from './operator-process.ts';

/** The demo cannot use this cluster. The message says why, and what to do. */
class UnusableCluster extends Error {
  override readonly name = 'UnusableCluster';
}

/**
 * A cluster that somebody has, by the context that they named: never the current one by itself. The demo brings its own
 * namespaces and takes them away again; it refuses where the operator is installed already.
 */
export async function existingCluster(
  context: string,
  auditLog: string,
  say: (text: string) => void,
): Promise<DemoCluster> {
  const call = async (args: readonly string[], options: KubectlCall = {}) => await kubectl(context, args, options);
  await refuseIfInstalled(call);
  const supervisor = await startSupervisor({ directoryPrefix: 'sigma-operator-demo-' });
  const ending = new AbortController();
  return {
    auditLog,
    kubectlLine: `kubectl --context ${context}`,
    kubectl: call,
    startOperator: async () => await startOperator(context, call, supervisor, { say, ending: ending.signal }),
    stop: async () => {
      ending.abort();
      await supervisor.stop();
      await removeInstallation(call);
    },
  };
}

type Kubectl = DemoCluster['kubectl'];

async function refuseIfInstalled(call: Kubectl): Promise<void> {
  const { code, stderr } = await call(['version', '--request-timeout=10s'], { allowFailure: true });
  if (code !== 0) throw new UnusableCluster(`the cluster does not answer: ${stderr.trim()}`);
  const crds = await call(['get', 'crd', '--ignore-not-found', '--output=name', ...CRDS]);
  const namespace = await call(['get', 'namespace', 'sigma-operator', '--ignore-not-found', '--output=name']);
  if (crds.stdout + namespace.stdout !== '') {
    throw new UnusableCluster(
      'sigma-operator is installed in this cluster already; the demo would remove it at its end.',
    );
  }
}

/** Everything that `install` applied, and nothing else. */
async function removeInstallation(call: Kubectl): Promise<void> {
  const gone = { allowFailure: true };
  await call(['delete', 'namespace', 'sigma-operator', '--ignore-not-found', '--wait=false'], gone);
  const label = '--selector=app.kubernetes.io/name=sigma-operator';
  const kinds = 'clusterroles,clusterrolebindings,validatingadmissionpolicies,validatingadmissionpolicybindings';
  await call(['delete', kinds, label], gone);
  await call(['delete', 'crd', '--ignore-not-found', ...CRDS], gone);
}

async function startOperator(
  context: string,
  call: Kubectl,
  supervisor: Supervisor,
  keeping: Pick<Keeping, 'say' | 'ending'>,
): Promise<RunningOperator> {
  const token = await call(['create', 'token', 'sigma-operator', '--namespace=sigma-operator', '--duration=4h']);
  const view = await call(['config', 'view', '--minify', '--flatten', '--output=json']);
  const config = JSON.parse(view.stdout) as { users: unknown[]; contexts: { context: { user: string } }[] };
  const user = config.contexts[0]?.context.user;
  const kubeconfig = join(supervisor.directory, 'operator.kubeconfig');
  const own = { ...config, 'current-context': context, users: [{ name: user, user: { token: token.stdout.trim() } }] };
  writeFileSync(kubeconfig, JSON.stringify(own), { mode: 0o600 });
  const port = await freePort();
  const stateDir = join(supervisor.directory, 'operator-state');
  const args = operatorArguments({ kubeconfig, stateDir, port });
  const start = async () => await supervisor.start({ name: 'sigma-operator', command: process.execPath, args });
  return await keepServing({ start, port, ...keeping });
}

async function kubectl(
  context: string,
  args: readonly string[],
  { as, input, allowFailure }: KubectlCall,
): Promise<KubectlOutcome> {
  const impersonation = as === undefined ? [] : [`--as=${as}`];
  const child = spawn('kubectl', [`--context=${context}`, ...impersonation, ...args], { stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(input ?? '');
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) => resolve(exit ?? 1));
  });
  if (code !== 0 && allowFailure !== true) throw new Error(`kubectl ${args.join(' ')}: ${stderr.trim()}`);
  return { code, stdout, stderr };
}
