/** An audit event as kube-apiserver would log it; `rest` replaces fields. */
export function auditEvent(rest: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: '6e1b7ad3-bc83-4a5c-a8d8-7a1d9b8f7f10',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/default/secrets/db',
    verb: 'get',
    user: { username: 'alice', groups: ['system:authenticated'] },
    sourceIPs: ['10.0.0.1'],
    userAgent: 'kubectl/v1.37.2',
    objectRef: { resource: 'secrets', namespace: 'default', name: 'db', apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: '2026-11-24T05:48:24.739583Z',
    stageTimestamp: '2026-11-24T05:48:24.739976Z',
    annotations: { 'authorization.k8s.io/decision': 'allow' },
    ...rest,
  };
}

export function lines(...events: readonly object[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

/** A rule for reads of secrets. */
export const SECRETS_RULE = `title: Secret read
id: 5f1e0c66-52b1-4a55-9d24-1a3c6d2f6b1d
author: Somebody
logsource:
    product: kubernetes
    service: audit
detection:
    selection:
        verb: get
        objectRef.resource: secrets
    condition: selection
level: high
`;
