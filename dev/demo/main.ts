// The main job on a real control plane: CRDs and the CronJob/Job rule applied, the operator running as its ServiceAccount,
// people and controllers at work, and what is to be seen of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DemoCluster } from './demo-cluster.ts';
import { existingCluster } from './existing-cluster.ts';
import { install } from './install.ts';
import { localCluster } from './local-cluster.ts';
import { Narrator } from './narrator.ts';
import { WHEN_FOLLOWING } from './operator-process.ts';
import { NAMESPACE, prepare, tell } from './story.ts';

const USAGE = `Usage: npm run demo [-- OPTIONS]

Starts a real control plane on loopback, runs the operator on it, and shows what it finds. Then stays up for you to try
things, until Ctrl-C. Kill the operator or the API server meanwhile, if you like: they are started again, and the counts
stay right.

  --once              end by itself; exit status 0 if every count was right
  --context NAME      use the cluster of this kubeconfig context instead (never the current one by itself); kubectl and the
                      rights of an administrator are needed. Everything that the demo brings is removed at the end.
  --audit-log FILE    with --context: the API server's audit log, as a file on this machine
`;

const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    context: { type: 'string' },
    'audit-log': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

if (values.help === true) process.stdout.write(USAGE);
else if ((values.context === undefined) !== (values['audit-log'] === undefined)) {
  console.error('--context and --audit-log go together: the operator reads the log as a file.\n');
  console.error(USAGE);
  process.exitCode = 2;
} else process.exitCode = await main();

async function main(): Promise<number> {
  const narrator = new Narrator();
  const directory = mkdtempSync(join(tmpdir(), 'sigma-operator-demo-'));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  let cluster: DemoCluster | undefined;
  try {
    narrator.step(values.context === undefined ? 'A real control plane' : `The cluster ${values.context}`);
    cluster = await openCluster(narrator);
    const right = await Promise.race([play(cluster, narrator, directory), whenAborted(stop.signal)]);
    if (right === undefined) return 130;
    if (!values.once) await stayUp(cluster, stop.signal);
    return right ? 0 : 1;
  } catch (error) {
    narrator.bad(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    if (cluster !== undefined && values.context !== undefined) {
      await cluster
        .kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found', '--wait=false'])
        .catch(() => undefined);
    }
    await cluster?.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function openCluster(narrator: Narrator): Promise<DemoCluster> {
  const { context, 'audit-log': auditLog } = values;
  const say = (text: string) => narrator.good(text);
  if (context !== undefined && auditLog !== undefined) return await existingCluster(context, auditLog, say);
  return await localCluster(say);
}

async function play(cluster: DemoCluster, narrator: Narrator, directory: string): Promise<boolean> {
  narrator.step('Install: the CRDs, RBAC, an AuditSource, and the SigmaHQ rule "Kubernetes CronJob/Job Modification"');
  narrator.command('kubectl apply -k crds && kubectl apply -k manifests/base');
  const applied = await install(cluster, directory);
  narrator.output(applied.replace(/^customresourcedefinition.*\n/gm, ''));
  await prepare(cluster);

  narrator.step('The operator, with the token and the rights of its own ServiceAccount');
  const operator = await cluster.startOperator();
  narrator.good(`ready; probes and metrics at ${operator.url}`);
  narrator.command(`kubectl ${WHEN_FOLLOWING}`);
  narrator.output((await cluster.kubectl(WHEN_FOLLOWING.split(' '))).stdout);
  return await tell(cluster, narrator, new Date());
}

async function stayUp(cluster: DemoCluster, signal: AbortSignal): Promise<void> {
  console.log(`
It stays up for you. In another terminal:

  alias k='${cluster.kubectlLine}'
  k get alerts --watch
  k create job hello --image=busybox
  k explain detectionrule.spec

Ctrl-C ends it and removes everything.`);
  await whenAborted(signal);
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
