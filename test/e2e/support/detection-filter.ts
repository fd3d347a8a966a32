import assert from 'node:assert/strict';
import { dump } from 'js-yaml';
import type { DetectionFilter } from '../../../src/api/detection-filter.generated.ts';
import { conditionOf } from './detection-rule.ts';
import { eventually } from './eventually.ts';
import type { TestCluster } from './test-cluster.ts';

/** The text of a Sigma filter with one selection. */
export function filterText(rules: string | readonly string[], selection: object, condition = 'not selection'): string {
  return dump({
    title: 'A known thing',
    logsource: { product: 'kubernetes', service: 'audit' },
    filter: { rules, selection, condition },
  });
}

export function detectionFilter(name: string, sigma: string, choices: object = {}): object {
  return {
    apiVersion: 'detection.sigma-operator.dev/v1alpha1',
    kind: 'DetectionFilter',
    metadata: { name },
    spec: { owner: 'the tests', reason: 'known', sigma, ...choices },
  };
}

/** Resolves with the filter when a condition is as wanted: `status reason`. */
export async function whenFilter(
  cluster: TestCluster,
  name: string,
  type: string,
  wanted: string,
): Promise<DetectionFilter> {
  return await eventually(async () => {
    const filter = await cluster.filter(name);
    assert.equal(conditionOf(filter, type), wanted);
    return filter;
  });
}
