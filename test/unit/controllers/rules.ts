import type { DetectionRule } from '../../../src/api/detection-rule.generated.ts';

/** Texts by what they look for; `broken` is refused, with UnknownModifier at 5:10. */
export const SIGMA = Object.freeze({
  creates: sigma('verb: create'),
  deletes: sigma('verb: delete'),
  broken: sigma('verb|startwith: cre'),
});

function sigma(item: string): string {
  return `title: Test\nlogsource: {product: kubernetes, service: audit}\ndetection:\n  selection:\n    ${item}\n  condition: selection\nlevel: low\n`;
}

type Spec = DetectionRule['spec'];
type Status = NonNullable<DetectionRule['status']>;

/** The DetectionRule `test`, at a generation. */
export function detectionRule(generation: number, spec: Spec, status?: Status): DetectionRule {
  return {
    apiVersion: 'detection.sigma-operator.dev/v1alpha1',
    kind: 'DetectionRule',
    metadata: { name: 'test', generation, resourceVersion: '1' },
    spec,
    ...(status !== undefined && { status }),
  };
}
