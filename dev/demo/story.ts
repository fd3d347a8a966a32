import type { DemoCluster } from './demo-cluster.ts';
import type { Narrator } from './narrator.ts';
import { compare } from './verify.ts';
import { waitUntil } from './wait-until.ts';

export const NAMESPACE = 'sigma-operator-demo';
const ALICE = 'alice';
const CI = `system:serviceaccount:${NAMESPACE}:ci`;

const CRONJOB = `apiVersion: batch/v1
kind: CronJob
metadata: {name: report}
spec:
  schedule: "* * * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: report, image: "registry.example/report:1"}]
`;

/** Who may do what in the demo's namespace: alice everything there, the ServiceAccount ci next to nothing. */
export async function prepare(cluster: DemoCluster): Promise<void> {
  await cluster.kubectl(['create', 'namespace', NAMESPACE]);
  await cluster.kubectl(['create', 'serviceaccount', 'ci', '--namespace', NAMESPACE]);
  await cluster.kubectl([
    'create',
    'rolebinding',
    'alice',
    '--clusterrole=edit',
    `--user=${ALICE}`,
    '--namespace',
    NAMESPACE,
  ]);
}

/** What people and controllers do, and what is to be seen of it. Resolves with whether every count is right. */
export async function tell(cluster: DemoCluster, narrator: Narrator, since: Date): Promise<boolean> {
  const act = async (line: string, by: string, input?: string): Promise<void> => {
    narrator.command(`kubectl ${line}`, by);
    const args = [...words(line), '--namespace', NAMESPACE];
    const { stdout, stderr } = await cluster.kubectl(args, { as: by, allowFailure: true, ...(input && { input }) });
    narrator.output(stdout + stderr);
  };
  const show = async (line: string, args = words(line)): Promise<void> => {
    narrator.command(`kubectl ${line}`);
    narrator.output((await cluster.kubectl(args)).stdout);
  };

  narrator.step('alice creates a CronJob; how long until it is an Alert?');
  await act('apply -f cronjob.yaml', ALICE, CRONJOB);
  const start = performance.now();
  await waitUntil('the first Alert', async () => (await alertsOf(cluster, 'create')) || undefined);
  narrator.good(`an Alert ${Math.round(performance.now() - start)} ms after kubectl came back`);

  narrator.step('alice patches it, and creates, patches and deletes a Job');
  await act(`patch cronjob report --patch {"spec":{"failedJobsHistoryLimit":3}}`, ALICE);
  await act('create job backfill --image=registry.example/backfill:1', ALICE);
  await act('label job backfill reviewed=no', ALICE);
  await act('delete job backfill --wait=false', ALICE);

  narrator.step('A ServiceAccount tries to, and is denied');
  await act('create job miner --image=registry.example/miner:1', CI);

  narrator.step("What the CronJob's owners see");
  await waitUntil('the Events of the CronJob', async () => {
    const { stdout } = await cluster.kubectl(['describe', 'cronjob', 'report', '--namespace', NAMESPACE]);
    return stdout.includes('alice created') && stdout.includes('alice patched') ? true : undefined;
  });
  await show(`events --namespace ${NAMESPACE} --for cronjob/report`);

  narrator.step(
    'The cluster runs the CronJob: its controllers write CronJobs and Jobs, too, and that is no cause for an Alert',
  );
  narrator.say(`waiting for the next full minute (${60 - new Date().getSeconds()} s) …`);
  await waitUntil(
    'the CronJob to run',
    async () => {
      const { stdout } = await cluster.kubectl(['get', 'jobs', '--namespace', NAMESPACE, '--output=name']);
      return stdout.includes('report-') ? true : undefined;
    },
    90,
  );
  await act('delete cronjob report --wait=false', ALICE);

  narrator.step('All of it');
  const comparison = await waitUntil('the Alerts to agree with the log', async () => {
    const now = await compare(cluster, NAMESPACE, since);
    return now.differences.length === 0 ? now : undefined;
  }).catch(async () => await compare(cluster, NAMESPACE, since));
  await waitUntil('the rule to say so, too', async () => {
    const { stdout } = await cluster.kubectl(['get', 'detectionrules', '--output=jsonpath={.items[0].status.matches}']);
    return Number(stdout) >= comparison.requests ? true : undefined;
  });
  await waitUntil('the filter to say so, too', async () =>
    (await hiddenRequests(cluster)) >= comparison.hidden ? true : undefined,
  );
  await show('get alerts --sort-by=.status.lastSeen');
  await show('get detectionrules');

  narrator.step('What the filter of built-in controllers hides');
  await show('get detectionfilters');
  const rows = 'jsonpath={range .status.hidden[*]}{.count}{"\\t"}{.request}{"\\n"}{end}';
  const filter = ['get', 'detectionfilter', FILTER, '--output'];
  await show([...filter, `'${rows}'`].join(' '), [...filter, rows]);

  narrator.step('One of them in full');
  const { stdout: first } = await cluster.kubectl([
    'get',
    'alerts',
    '--output=jsonpath={.items[?(@.finding.outcome=="Denied")].metadata.name}',
  ]);
  await show(`describe alert ${first.split(' ')[0] ?? ''}`);

  narrator.step('Are the counts right?');
  for (const difference of comparison.differences) narrator.bad(difference);
  if (comparison.differences.length > 0) return false;
  narrator.good(
    `${comparison.alerts} Alerts count ${comparison.requests} requests, and so does an independent count over the audit log; the filter left out ${comparison.hidden} that controllers made`,
  );
  return true;
}

/** The filter that the base applies. */
const FILTER = 'built-in-controllers';

async function hiddenRequests(cluster: DemoCluster): Promise<number> {
  const path = '--output=jsonpath={.status.suppressed}';
  return Number((await cluster.kubectl(['get', 'detectionfilter', FILTER, path])).stdout);
}

async function alertsOf(cluster: DemoCluster, operation: string): Promise<string> {
  const path = `--output=jsonpath={.items[?(@.finding.operation=="${operation}")].metadata.name}`;
  return (await cluster.kubectl(['get', 'alerts', path])).stdout;
}

/** `-f file` reads what is given as input. */
function words(line: string): readonly string[] {
  return line.split(' ').map((word) => (word.endsWith('.yaml') ? '-' : word));
}
