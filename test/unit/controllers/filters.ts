import type { DetectionFilter } from '../../../src/api/detection-filter.generated.ts';

/** Texts by what they do; `broken` is refused, with UnknownIdentifier. */
export const FILTERS = Object.freeze({
  bob: filterText('user.username: bob', 'not selection'),
  carol: filterText('user.username: carol', 'not selection'),
  onlyBob: filterText('user.username: bob', 'selection'),
  broken: filterText('user.username: bob', 'not selektion'),
});

function filterText(selection: string, condition: string): string {
  return `title: Known\nid: 5f1e0c66-52b1-4a55-9d24-1a3c6d2f6b1d\nlogsource: {product: kubernetes, service: audit}\nfilter:\n  rules: any\n  selection: {${selection}}\n  condition: ${condition}\n`;
}

type Spec = Omit<DetectionFilter['spec'], 'owner' | 'reason'>;

/** The DetectionFilter `test`, at a generation. */
export function detectionFilter(
  generation: number,
  spec: Spec,
  status?: NonNullable<DetectionFilter['status']>,
): DetectionFilter {
  return {
    apiVersion: 'detection.sigma-operator.dev/v1alpha1',
    kind: 'DetectionFilter',
    metadata: { name: 'test', generation, resourceVersion: '1' },
    spec: { owner: 'us', reason: 'known', ...spec },
    ...(status !== undefined && { status }),
  };
}
