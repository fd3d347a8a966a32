import assert from 'node:assert/strict';
import { SEED_RULE } from './support/counts.ts';
import { itWasDeniedNothing } from './support/denied-nothing.ts';
import { conditionOf, detectionRule, sigmaText, whenReady, whenRefused } from './support/detection-rule.ts';
import { eventually } from './support/eventually.ts';
import type { OperatorProcess } from './support/operator-process.ts';
import { TestCluster } from './support/test-cluster.ts';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const CREATES = { 'objectRef.resource': 'configmaps', verb: 'create' };
const BROKEN = sigmaText('Broken', { 'verb|startwith': 'cre' });

describe('DetectionRules', () => {
  let cluster: TestCluster;
  let operator: OperatorProcess;
  before(async () => {
    cluster = await TestCluster.start({ controllerManager: false });
    operator = await cluster.startOperator();
  });
  after(() => cluster.stop());

  const createConfigMap = async (name: string, query = ''): Promise<number> => {
    const body = { metadata: { name } };
    return (await cluster.api.send({ method: 'POST', path: `${CONFIG_MAPS}${query}`, as: 'alice', body })).code;
  };
  /** How many requests a rule's Alerts count, by outcome. */
  const found = async (rule: string): Promise<Readonly<Record<string, number>>> => {
    await cluster.settled();
    const counts: Record<string, number> = {};
    for (const { finding, status } of await cluster.alerts(rule)) {
      counts[finding.outcome] = (counts[finding.outcome] ?? 0) + (status?.count ?? 0);
    }
    return counts;
  };

  describe('that are refused', () => {
    const texts: readonly {
      readonly title: string;
      readonly sigma: string;
      readonly reason: string;
      readonly says: readonly string[];
    }[] = [
      {
        title: 'broken YAML',
        sigma: 'title: Broken\nlogsource: {product: kubernetes\ndetection:\n  selection: [\n',
        reason: 'InvalidYaml',
        says: ['at 3:1', '  3 | detection:', '    | ^'],
      },
      {
        title: 'an unknown modifier',
        sigma:
          'title: Broken\nlogsource: {product: kubernetes, service: audit}\ndetection:\n  selection:\n    verb|startwith: cre\n  condition: selection\n',
        reason: 'UnknownModifier',
        says: ['at 5:10', '  5 |     verb|startwith: cre', '    |          ^^^^^^^^^', 'Did you mean "startswith"?'],
      },
      {
        title: 'a condition that names no selection',
        sigma:
          'title: Broken\nlogsource: {product: kubernetes, service: audit}\ndetection:\n  selection:\n    verb: create\n  condition: selection and nothing\n',
        reason: 'UnknownIdentifier',
        says: ['at 6:28', '  6 |   condition: selection and nothing', '    |                            ^^^^^^^'],
      },
    ];
    for (const { title, sigma, reason, says } of texts) {
      it(`say why, with line, column and a caret: ${title}`, async () => {
        const name = reason.toLowerCase();
        await cluster.apply(detectionRule(name, sigma));
        const rule = await whenRefused(cluster, name);
        assert.equal(conditionOf(rule, 'Accepted'), `False ${reason}`);
        assert.equal(conditionOf(rule, 'Ready'), 'False Refused');
        assert.equal(rule.status?.observedGeneration, 1);
        const accepted = rule.status?.conditions?.find(({ type }) => type === 'Accepted');
        assert.match(accepted?.message ?? '', /^Generation 1 was refused\. No version of this rule runs\.\n/);
        for (const line of says) assert.ok(accepted?.message.includes(line), `${line}\n\nin\n\n${accepted?.message}`);
      });
    }

    it('hurt no other rule', async () => {
      await cluster.kubectl('create job undisturbed --image=none.invalid/none', 'alice');
      assert.deepEqual(await found(SEED_RULE), { Allowed: 1 });
      assert.equal(conditionOf(await cluster.rule(SEED_RULE), 'Ready'), 'True Running');
      assert.ok((await operator.metric('sigma_operator_rules_rejected')) >= texts.length);
    });
  });

  describe('whose newest version is refused', () => {
    const name = 'kept';
    before(async () => {
      await cluster.apply(detectionRule(name, { ...CREATES, 'objectRef.name|startswith': 'kept-' }));
      await whenReady(cluster, name);
    });

    it('go on in their last accepted version', async () => {
      await cluster.apply(detectionRule(name, BROKEN));
      const rule = await whenRefused(cluster, name);
      assert.equal(rule.metadata.generation, 2);
      assert.equal(rule.status?.observedGeneration, 2);
      assert.equal(rule.status?.accepted?.generation, 1);
      const accepted = rule.status?.conditions?.find(({ type }) => type === 'Accepted');
      assert.match(accepted?.message ?? '', /^Generation 2 was refused\. Generation 1, .*, goes on running\.\n/);
      assert.equal(await createConfigMap('kept-1'), 201);
      assert.deepEqual(await found(name), { Allowed: 1 });
    });

    it('also go on after a restart without any local state', async () => {
      assert.equal(await operator.stop(), 0);
      assert.equal(await createConfigMap('kept-2'), 201);
      operator = await cluster.startOperator({ replica: 'restarted' });
      assert.equal(await createConfigMap('kept-3'), 201);
      assert.deepEqual(await found(name), { Allowed: 3 });
      assert.equal((await cluster.rule(name)).status?.accepted?.generation, 1);
    });

    it('take the choices beside the text from the newest version', async () => {
      await cluster.apply(detectionRule(name, BROKEN, { mode: 'Off' }));
      await eventually(async () => assert.equal((await cluster.rule(name)).status?.observedGeneration, 3));
      assert.equal(await createConfigMap('kept-4'), 201);
      assert.deepEqual(await found(name), { Allowed: 3 });
    });

    it('go on in a corrected version once there is one', async () => {
      await cluster.apply(detectionRule(name, { ...CREATES, 'objectRef.name|endswith': '-kept' }, { mode: 'Enforce' }));
      const rule = await whenReady(cluster, name);
      assert.equal(conditionOf(rule, 'Accepted'), 'True Compiled');
      assert.equal(conditionOf(rule, 'Stalled'), 'False Progressing');
      assert.equal(rule.status?.accepted?.generation, rule.metadata.generation);
    });
  });

  it('that are off raise nothing, but are checked', async () => {
    await cluster.apply(detectionRule('off', CREATES, { mode: 'Off' }));
    const rule = await whenReady(cluster, 'off');
    assert.equal(conditionOf(rule, 'Ready'), 'True Off');
    assert.equal(conditionOf(rule, 'Accepted'), 'True Compiled');
    assert.equal(await createConfigMap('unseen'), 201);
    assert.deepEqual(await found('off'), {});
    await cluster.apply(detectionRule('off', BROKEN, { mode: 'Off' }));
    assert.equal(conditionOf(await whenRefused(cluster, 'off'), 'Accepted'), 'False UnknownModifier');
  });

  it('may give their Alerts another severity than the rule’s level', async () => {
    await cluster.apply(detectionRule('severe', CREATES, { severity: 'critical' }));
    const rule = await whenReady(cluster, 'severe');
    assert.equal(rule.status?.severity, 'critical');
    assert.equal(rule.status?.rule?.level, 'low');
    assert.equal(await createConfigMap('severe-1'), 201);
    await cluster.settled();
    const [alert] = await cluster.alerts('severe');
    assert.equal(alert?.finding.severity, 'critical');
    assert.equal(alert?.finding.rule.level, 'low');
  });

  it('raise Alerts for the outcomes that they ask for, and no others', async () => {
    await cluster.apply(detectionRule('failures', CREATES, { outcome: ['Failed'] }));
    await whenReady(cluster, 'failures');
    assert.equal(await createConfigMap('once'), 201);
    assert.equal(await createConfigMap('once'), 409);
    assert.deepEqual(await found('failures'), { Failed: 1 });
    await eventually(async () => {
      const { status } = await cluster.rule('failures');
      assert.deepEqual([status?.matches, status?.leftOut], [1, { outcome: 1, dryRun: 0, filter: 0 }]);
    });
  });

  it('raise Alerts for failed requests where the rule tests the response', async () => {
    await cluster.apply(detectionRule('conflicts', { ...CREATES, 'responseStatus.code': 409 }));
    await whenReady(cluster, 'conflicts');
    assert.equal(await createConfigMap('twice'), 201);
    assert.equal(await createConfigMap('twice'), 409);
    assert.deepEqual(await found('conflicts'), { Failed: 1 });
  });

  it('raise Alerts for server-side dry runs where they include them', async () => {
    await cluster.apply(detectionRule('rehearsals', CREATES, { dryRun: 'Include' }));
    await whenReady(cluster, 'rehearsals');
    assert.equal(await createConfigMap('rehearsed', '?dryRun=All'), 201);
    assert.deepEqual(await found('rehearsals'), { Allowed: 1 });
  });

  it('leave their Alerts when they are deleted, and match no more', async () => {
    await cluster.apply(detectionRule('short-lived', CREATES));
    await whenReady(cluster, 'short-lived');
    assert.equal(await createConfigMap('before'), 201);
    assert.deepEqual(await found('short-lived'), { Allowed: 1 });
    await cluster.kubectl('delete detectionrule short-lived');
    await eventually(() =>
      assert.ok(operator.logs.some(({ message, rule }) => message === 'rule removed' && rule === 'short-lived')),
    );
    assert.equal(await createConfigMap('after'), 201);
    assert.deepEqual(await found('short-lived'), { Allowed: 1 });
  });

  it('tell on an Alert which texts have matched', async () => {
    assert.equal(await createConfigMap('edited'), 201);
    const choices = { outcome: ['Failed'] };
    await cluster.apply(detectionRule('edited', CREATES, choices));
    const first = await whenReady(cluster, 'edited');
    assert.equal(await createConfigMap('edited'), 409);
    assert.deepEqual(await found('edited'), { Failed: 1 });
    await cluster.apply(detectionRule('edited', { ...CREATES, 'user.username': 'alice' }, choices));
    const second = await whenReady(cluster, 'edited');
    assert.equal(await createConfigMap('edited'), 409);
    assert.deepEqual(await found('edited'), { Failed: 2 });
    const [alert] = await cluster.alerts('edited');
    assert.deepEqual(
      new Set(Object.keys(alert?.status?.ruleHashes ?? {})),
      new Set([first.status?.accepted?.hash, second.status?.accepted?.hash]),
    );
  });

  it('say on how many replicas they run', async () => {
    const other = await cluster.launchOperator({ replica: 'other', node: 'other-node' });
    await eventually(async () => {
      const { status } = await cluster.rule(SEED_RULE);
      assert.deepEqual(status?.replicas, { running: 2, total: 2 });
    });
    assert.equal(await other.stop(), 0);
    await eventually(async () => {
      const { status } = await cluster.rule(SEED_RULE);
      assert.deepEqual(status?.replicas, { running: 1, total: 1 });
    });
  });

  itWasDeniedNothing(() => cluster);
});
