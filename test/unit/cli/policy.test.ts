import assert from 'node:assert/strict';
import { join } from 'node:path';
import { levelFor, parseAuditPolicy } from '../../../src/catalog/index.ts';
import type { PolicyVolume } from '../../../src/cli/policy/estimate-volume.ts';
import { type PolicyOptions, runPolicy } from '../../../src/cli/policy/run-policy.ts';
import { type PolicyCheckOptions, runPolicyCheck } from '../../../src/cli/policy/run-policy-check.ts';
import { auditEvent, lines, SECRETS_RULE } from './events.ts';
import { testFolder } from './files.ts';
import { testTerminal } from './terminal.ts';

const RULES = join(import.meta.dirname, '../../data/sigma/kubernetes-rules');
const CRON_JOBS = join(RULES, 'kubernetes_audit_cronjob_modification.yml');
const HOST_PATH = join(RULES, 'kubernetes_audit_hostpath_mount.yml');

describe('policy', () => {
  const folder = testFolder();

  async function policy(
    options: Partial<PolicyOptions>,
  ): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
    const terminal = testTerminal();
    const all = { rules: [RULES], cluster: false, whole: false, log: [], format: 'yaml', ...options } as const;
    const status = await runPolicy(all, terminal);
    return { status, stdout: terminal.stdout(), stderr: terminal.stderr() };
  }

  it('prints a policy that kube-apiserver takes, with the rules that need each line', async () => {
    const { status, stdout, stderr } = await policy({ rules: [CRON_JOBS, HOST_PATH] });
    assert.deepEqual([status, stderr], [0, '']);
    const parsed = parseAuditPolicy(stdout);
    assert(parsed.ok);
    assert.deepEqual(parsed.warnings, []);
    const resource = { apiGroup: 'batch', resource: 'cronjobs', subresource: '', namespace: 'a', name: 'b' };
    assert.equal(levelFor(parsed.policy, { verb: 'patch', resource, path: '' }).level, 'Metadata');
    assert.equal(levelFor(parsed.policy, { verb: 'get', resource, path: '' }).level, 'None');
    assert.match(stdout, /# Container With A hostPath Mount Created\n {2}- level: Request\n/);
    assert.match(stdout, /# Kubernetes CronJob\/Job Modification\n {2}- level: Metadata\n/);
  });

  it('says beside each resource which rules need it, where they differ', async () => {
    folder.write({ 'secrets.yml': SECRETS_RULE.replace('verb: get', 'verb: [create, delete, patch, update]') });
    const { stdout } = await policy({ rules: [CRON_JOBS, folder.path] });
    assert.match(
      stdout,
      /# secrets: Secret read\n {2}# cronjobs\/\* \(batch\), jobs\/\* \(batch\): Kubernetes CronJob\/Job Modification\n/,
    );
  });

  it('estimates the volume from a log', async () => {
    const secret = auditEvent({
      level: 'RequestResponse',
      requestObject: { a: 'x'.repeat(1000) },
      stageTimestamp: '2026-11-24T00:00:00Z',
    });
    const other = auditEvent({ verb: 'list', stageTimestamp: '2026-11-25T00:00:00Z' });
    const received = { ...secret, stage: 'RequestReceived' };
    folder.write({ 'rule.yml': SECRETS_RULE, 'audit.log': lines(secret, secret, received, other) });
    const options = { rules: [join(folder.path, 'rule.yml')], log: [join(folder.path, 'audit.log')] };
    const { stdout } = await policy(options);
    assert.match(
      stdout,
      /^# Volume: 2 of the 4 events of the log \(50 %\), 1\.\d kB of \d\.\d kB, about 1\.\d kB a day\.\n/m,
    );
    const { volume }: { readonly volume: PolicyVolume } = JSON.parse(
      (await policy({ ...options, format: 'json' })).stdout,
    );
    assert.deepEqual([volume.events, volume.all.events, volume.lowerBound, volume.days], [2, 4, 0, 1]);
    await assert.rejects(policy({ ...options, log: [join(folder.path, 'rule.yml')] }), { code: 'NoEvents' });
  });

  it('says that events of the log lack bodies that the policy would log', async () => {
    folder.write({ 'audit.log': lines(auditEvent({ verb: 'create', objectRef: { resource: 'pods' } })) });
    const { stdout } = await policy({ rules: [HOST_PATH], log: [join(folder.path, 'audit.log')] });
    assert.match(stdout, /# 1 of them is logged there at a lower level/);
  });

  it('names rules that fire under no policy, with exit status 1', async () => {
    folder.write({ 'rule.yml': SECRETS_RULE.replace('verb: get', 'verb: replace') });
    const { status, stderr } = await policy({ rules: [folder.path, CRON_JOBS] });
    assert.equal(status, 1);
    assert.match(stderr, /^cannot fire Secret read \(.*rule\.yml\): No request has the verb replace\.\n$/);
  });

  it('is of no use for rules of other products', async () => {
    folder.write({ 'rule.yml': SECRETS_RULE.replace('product: kubernetes', 'product: windows') });
    await assert.rejects(policy({ rules: [folder.path] }), { code: 'NoRules' });
  });
});

describe('policy check', () => {
  const folder = testFolder();

  async function check(
    text: string,
    options: Partial<PolicyCheckOptions> = {},
  ): Promise<{ readonly status: number; readonly stdout: string }> {
    folder.write({ 'policy.yaml': `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${text}` });
    const terminal = testTerminal();
    const all = {
      rules: [CRON_JOBS],
      cluster: false,
      policy: join(folder.path, 'policy.yaml'),
      failOn: 'cannot-fire',
      format: 'pretty',
      ...options,
    } as const;
    const status = await runPolicyCheck(all, terminal);
    return { status, stdout: terminal.stdout() };
  }

  const NO_BATCH = '  - level: None\n    resources: [{ group: batch }]\n  - level: Metadata\n';
  const NO_JOBS = '  - level: None\n    resources: [{ group: batch, resources: [jobs] }]\n  - level: Metadata\n';

  it('reports the CronJob/Job rule under a policy that does not log batch', async () => {
    const { status, stdout } = await check(NO_BATCH);
    assert.equal(status, 1);
    assert.match(stdout, /1 rule cannot fire, 0 see only a part, 0 see everything/);
    assert.match(
      stdout,
      /cannot fire +Kubernetes CronJob\/Job Modification +NeverLogged +The audit policy logs nothing/,
    );
  });

  const cases = [
    { policy: NO_BATCH, failOn: 'never', status: 0 },
    { policy: NO_JOBS, failOn: 'cannot-fire', status: 0 },
    { policy: NO_JOBS, failOn: 'limited', status: 1 },
    { policy: '  - level: Metadata\n', failOn: 'limited', status: 0 },
  ] as const;
  for (const { policy, failOn, status } of cases) {
    it(`ends with ${status} under --fail-on ${failOn} for ${policy.split('\n').length - 1} lines of policy`, async () => {
      assert.equal((await check(policy, { failOn })).status, status);
    });
  }
});
