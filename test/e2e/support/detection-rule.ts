import assert from 'node:assert/strict';
import { dump } from 'js-yaml';
import type { AuditSource } from '../../../src/api/audit-source.generated.ts';
import type { DetectionFilter } from '../../../src/api/detection-filter.generated.ts';
import type { DetectionRule } from '../../../src/api/detection-rule.generated.ts';
import { eventually } from './eventually.ts';
import type { TestCluster } from './test-cluster.ts';

/** The text of a Sigma rule with one selection. */
export function sigmaText(title: string, selection: object): string {
  return dump({
    title,
    logsource: { product: 'kubernetes', service: 'audit' },
    detection: { selection, condition: 'selection' },
    level: 'low',
  });
}

/** A DetectionRule, with the selection or with a text as it is. */
export function detectionRule(name: string, sigma: object | string, choices: object = {}): object {
  return {
    apiVersion: 'detection.sigma-operator.dev/v1alpha1',
    kind: 'DetectionRule',
    metadata: { name },
    spec: { sigma: typeof sigma === 'string' ? sigma : sigmaText(`Rule ${name}`, sigma), ...choices },
  };
}

/** `status reason` of a condition; fails where it is not there, or is of an earlier generation. */
export function conditionOf({ metadata, status }: DetectionRule | DetectionFilter | AuditSource, type: string): string {
  const condition = status?.conditions?.find((each) => each.type === type);
  assert.equal(condition?.observedGeneration, metadata.generation, `${metadata.name} has no current ${type}`);
  return `${condition?.status} ${condition?.reason}`;
}

/** Resolves with the rule when its newest version runs, or is off, on every replica. */
export async function whenReady(cluster: TestCluster, name: string): Promise<DetectionRule> {
  return await eventually(async () => {
    const rule = await cluster.rule(name);
    assert.match(conditionOf(rule, 'Ready'), /^True /);
    return rule;
  });
}

/** Resolves with the rule when its newest version has been refused. */
export async function whenRefused(cluster: TestCluster, name: string): Promise<DetectionRule> {
  return await eventually(async () => {
    const rule = await cluster.rule(name);
    assert.equal(conditionOf(rule, 'Stalled'), 'True Refused');
    return rule;
  });
}
