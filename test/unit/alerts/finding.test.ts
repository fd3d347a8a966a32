import assert from 'node:assert/strict';
import {
  activeRule,
  finding,
  type GroupDimension,
  groupingOf,
  groupKey,
  OVERFLOW_KEY,
} from '../../../src/alerts/index.ts';
import type { AuditEvent } from '../../../src/audit/index.ts';
import { compileRule } from '../../../src/sigma/index.ts';
import { auditEvent } from './audit-records.ts';

const SIGMA = `
title: CronJob change
description: |
    Detects when a CronJob is changed.
    It may run anything.
author: kelnage
falsepositives:
    - Maintenance
tags:
    - attack.persistence
    - attack.t1053.007
    - cve.2024-0001
logsource: {product: kubernetes, service: audit}
detection:
    selection: {objectRef.resource: cronjobs}
    condition: selection
level: medium
`;

function rule(sigma = SIGMA) {
  const result = compileRule(sigma);
  assert.ok(result.ok);
  return activeRule('cronjob-change', 'aa', { kind: 'rule', rule: result.rule }, {}, ['Persistence (TA0003)']);
}

function findingOf(event: AuditEvent, groupBy?: readonly GroupDimension[]) {
  return finding(rule(), groupKey(event, 'prod', groupingOf(groupBy)));
}

const BOT = { username: 'system:serviceaccount:ci:bot' };

describe('finding', () => {
  it('tells what happened, and of the rule why it matters and whose it is', () => {
    assert.deepEqual(findingOf(auditEvent()), {
      summary: 'alice changed cronjobs.batch shop/nightly',
      rule: {
        name: 'cronjob-change',
        title: 'CronJob change',
        level: 'medium',
        author: 'kelnage',
        description: 'Detects when a CronJob is changed. It may run anything.',
        attack: ['Persistence (TA0003)'],
        falsePositives: ['Maintenance'],
        tags: ['cve.2024-0001'],
      },
      severity: 'medium',
      cluster: 'prod',
      actor: 'alice',
      operation: 'change',
      outcome: 'Allowed',
      target: 'cronjobs.batch shop/nightly',
      targetRef: { apiGroup: 'batch', resource: 'cronjobs', namespace: 'shop', name: 'nightly' },
      whatNext: [
        'kubectl get cronjobs.batch nightly --namespace shop --output yaml',
        'kubectl auth can-i --list --as=alice --namespace shop',
        'kubectl detections list --actor=alice',
      ],
    });
  });

  const { objectRef: _, ...path } = auditEvent({ verb: 'get', requestURI: '/version' });
  const cases: readonly (readonly [string, AuditEvent, (readonly GroupDimension[])?])[] = [
    ['alice as bob changed cronjobs.batch shop/nightly', auditEvent({ impersonatedUser: { username: 'bob' } })],
    ['system:serviceaccount:ci:bot changed cronjobs.batch shop/*', auditEvent({ user: BOT })],
    [
      'alice tried to delete cronjobs.batch shop/nightly and was denied',
      auditEvent({ verb: 'delete', responseStatus: { code: 403 } }),
    ],
    [
      'alice tried to create cronjobs.batch shop/nightly and failed',
      auditEvent({ verb: 'create', responseStatus: { code: 409 } }),
    ],
    ['alice read /version', path],
    ['somebody did something to, or tried to do something to, anything', auditEvent(), []],
    ['somebody changed anything in shop', auditEvent(), ['Operation', 'Outcome', 'Namespace']],
    [
      'system:kube-controller-manager created jobs.batch of CronJob shop/nightly',
      auditEvent({
        user: { username: 'system:kube-controller-manager' },
        verb: 'create',
        objectRef: { resource: 'jobs', apiGroup: 'batch', namespace: 'shop', name: 'nightly-29913133' },
      }),
      ['Actor', 'Operation', 'Outcome', 'Object'],
    ],
  ];
  for (const [summary, event, groupBy] of cases) {
    it(`in a sentence: ${summary}`, () => assert.equal(findingOf(event, groupBy).summary, summary));
  }

  it('of what found no room says so', () => {
    const { summary, overflow, actor, operation, outcome, target } = finding(rule(), OVERFLOW_KEY);
    assert.deepEqual(
      { overflow, actor, operation, outcome, target },
      {
        overflow: true,
        actor: '(any)',
        operation: 'any',
        outcome: 'Any',
        target: '(overflow)',
      },
    );
    assert.match(summary, /no room/);
  });

  for (const name of ['$(reboot)', '--raw=/x', "a'b", 'a b', 'a;b', '\u202ex', 'x'.repeat(300)]) {
    it(`suggests no command that holds the name ${encodeURI(name).slice(0, 20)}`, () => {
      const objectRef = { ...auditEvent().objectRef, name };
      const steps = findingOf(auditEvent({ user: { username: name }, objectRef })).whatNext ?? [];
      assert.deepEqual(steps, ['kubectl get cronjobs.batch --namespace shop']);
    });
  }

  it('is bounded whatever callers and authors write', () => {
    const long = 'x'.repeat(100_000);
    const event = auditEvent({
      user: { username: long },
      impersonatedUser: { username: long },
      objectRef: { apiGroup: long, resource: long, namespace: long, name: long },
    });
    const lines = Array.from({ length: 30 }, (_, index) => `    - ${'y'.repeat(900)}${index}`).join('\n');
    const sigma = SIGMA.replace('    - Maintenance', lines).replace('It may run', `It ${'z'.repeat(5000)} run`);
    const big = finding(rule(sigma), groupKey(event, long, groupingOf(undefined)));
    assert.ok(Buffer.byteLength(JSON.stringify(big)) < 20 * 1024);
  });
});
