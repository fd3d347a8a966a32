import assert from 'node:assert/strict';
import type { ApiRequests } from '../../../dev/control-plane/index.ts';
import type { Alert } from '../../../src/api/alert.generated.ts';
import { eventually } from './eventually.ts';

const NAMESPACE = 'e2e-marker';
const RULE = 'e2e-marker';

/** What {@link mark} needs in the cluster. */
export const MARKER_MANIFESTS = `
apiVersion: v1
kind: Namespace
metadata: {name: ${NAMESPACE}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: marker, namespace: ${NAMESPACE}}
---
apiVersion: detection.sigma-operator.dev/v1alpha1
kind: DetectionRule
metadata: {name: ${RULE}}
spec:
  alert: {events: None}
  sigma: |
    title: Marker of the tests
    logsource: {product: kubernetes, service: audit}
    detection:
      selection:
        objectRef.resource: configmaps
        objectRef.namespace: ${NAMESPACE}
        verb: patch
      condition: selection
`;

/** Makes a request that the marker rule matches, and resolves when it has been counted. */
async function mark(api: ApiRequests): Promise<void> {
  const before = await marks(api);
  const path = `/api/v1/namespaces/${NAMESPACE}/configmaps/marker`;
  await api.json({ method: 'PATCH', path, body: { data: { mark: String(before) } } });
  await eventually(async () => assert.ok((await marks(api)) > before, 'the marker is not counted yet'));
}

/**
 * Resolves when everything that was logged before the call has been dealt with: Alerts of one batch are written in any
 * order, but a batch only after all of the one before. The second marker is in a later batch than the first.
 */
export async function settle(api: ApiRequests): Promise<void> {
  await mark(api);
  await mark(api);
}

async function marks(api: ApiRequests): Promise<number> {
  const path = '/apis/detection.sigma-operator.dev/v1alpha1/alerts';
  const { items } = await api.json<{ readonly items: readonly Alert[] }>({ path });
  return items
    .filter(({ finding }) => finding.rule.name === RULE)
    .reduce((sum, { status }) => sum + (status?.count ?? 0), 0);
}
