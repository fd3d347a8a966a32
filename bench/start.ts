import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const RUNS = 10;

/** How long a command takes to say the first thing, in milliseconds: the median of ten runs, in turns with the other commands. */
export interface Start {
  readonly title: string;
  readonly milliseconds: number;
}

/** Of a service account's exec into a pod, which one of the sixteen rules is about. */
const EVENT = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'Metadata',
  auditID: '5b0c1a52-3c0f-4c8e-a1d7-1f6d7b1d8f31',
  stage: 'ResponseStarted',
  requestURI: '/api/v1/namespaces/shop/pods/web-0/exec?command=sh&stdin=true&stdout=true&tty=true',
  verb: 'create',
  user: { username: 'system:serviceaccount:shop:deployer', groups: ['system:serviceaccounts', 'system:authenticated'] },
  sourceIPs: ['10.0.0.7'],
  userAgent: 'kubectl/v1.34.0 (linux/amd64) kubernetes/0000000',
  objectRef: { resource: 'pods', namespace: 'shop', name: 'web-0', apiVersion: 'v1', subresource: 'exec' },
  responseStatus: { metadata: {}, code: 101 },
  requestReceivedTimestamp: '2026-01-02T03:04:05.123456Z',
  stageTimestamp: '2026-01-02T03:04:05.133456Z',
  annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
};

const ONE_RULE = `title: Any request
logsource: { product: kubernetes, service: audit }
detection: { selection: { verb: '*' }, condition: selection }
level: low
`;

/** Of the built program, through bin/ as in a checkout, and of Node itself, which comes first. @param bundle the entry of the bundle, as the image runs it */
export async function starts(bundle: string): Promise<readonly Start[]> {
  const directory = mkdtempSync(join(tmpdir(), 'start-'));
  try {
    const [log, rule] = [join(directory, 'audit.log'), join(directory, 'rule.yml')];
    writeFileSync(log, `${JSON.stringify(EVENT)}\n`);
    writeFileSync(rule, ONE_RULE);
    const bin = join(root, 'bin/sigma-operator.mjs');
    const scan = (rules: string): readonly string[] => ['scan', '--rules', rules, '-o', 'ndjson', log];
    const sixteen = scan(join(root, 'test/data/sigma/kubernetes-rules'));
    return await inTurns([
      ['node -e 0', ['-e', '0']],
      ['--version', [bin, '--version']],
      ['scan, one rule', [bin, ...scan(rule)]],
      ['scan, 16 public Kubernetes rules', [bin, ...sixteen]],
      ['the same, without a cache of compiled code', [bundle, ...sixteen]],
    ]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function inTurns(commands: readonly (readonly [string, readonly string[]])[]): Promise<readonly Start[]> {
  const times = new Map<string, number[]>(commands.map(([title]) => [title, []]));
  // One run to fill caches does not count.
  for (let run = 0; run <= RUNS; run++) {
    for (const [title, args] of commands) {
      const milliseconds = await untilFirstOutput(args);
      if (run > 0) times.get(title)?.push(milliseconds);
    }
  }
  return [...times].map(([title, all]) => ({ title, milliseconds: median(all) }));
}

/** From starting the process until it has written something, or where it writes nothing, until it has ended. */
async function untilFirstOutput(args: readonly string[]): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let first: number | undefined;
  child.stdout.on('data', () => {
    first ??= performance.now();
  });
  child.on('error', reject);
  child.on('close', (code) => {
    const silent = args[0] === '-e';
    if (code !== 0 && code !== 1) reject(new Error(`${args.join(' ')} ended with ${code}`));
    else if (first === undefined && !silent) reject(new Error(`${args.join(' ')} found nothing`));
    else resolve((first ?? performance.now()) - start);
  });
  return await promise;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
