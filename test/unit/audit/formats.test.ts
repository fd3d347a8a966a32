import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { type AuditFormat, isDryRun, operationClass, outcome, readEvents, target } from '../../../src/audit/index.ts';
import { auditEvent } from './events.ts';

const EVENT = auditEvent();
const TEXT = JSON.stringify(EVENT);
const OTHER = JSON.stringify(auditEvent({ auditID: 'other' }));

/** As CloudWatch Logs sends it to a subscription's destination. */
function cloudWatch(messages: readonly string[], messageType = 'DATA_MESSAGE'): object {
  return {
    messageType,
    owner: '123456789012',
    logGroup: '/aws/eks/prod/cluster',
    logStream: 'kube-apiserver-audit-0123456789abcdef',
    subscriptionFilters: ['audit'],
    logEvents: messages.map((message, i) => ({ id: String(i), timestamp: 1_795_499_304_739, message })),
  };
}

function awslogs(content: object): object {
  return { awslogs: { data: gzipSync(JSON.stringify(content)).toString('base64') } };
}

/** As Azure Monitor streams it to an event hub. */
function azureRecord(log: string, category = 'kube-audit'): object {
  return {
    time: '2026-11-24T05:48:24.7400000Z',
    resourceId: '/SUBSCRIPTIONS/0/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/PROD',
    operationName: 'Microsoft.ContainerService/managedClusters/diagnosticLogs/Read',
    category,
    properties: { log, stream: 'stdout', pod: 'kube-apiserver-0' },
  };
}

function otlp(...bodies: object[]): object {
  return { resourceLogs: [{ resource: {}, scopeLogs: [{ scope: {}, logRecords: bodies.map((body) => ({ body })) }] }] };
}

interface Read {
  readonly ids: readonly (string | undefined)[];
  readonly ignored: number;
  readonly errors: readonly string[];
}

function read(value: unknown, format: AuditFormat = 'Auto'): Read {
  const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  const found = [...readEvents({ bytes, stripped: undefined }, format)];
  return {
    ids: found.flatMap((each) => (each.kind === 'event' ? [each.event.auditID] : [])),
    ignored: found.filter(({ kind }) => kind === 'ignored').length,
    errors: found.flatMap((each) => (each.kind === 'error' ? [each.reason] : [])),
  };
}

describe('formats', () => {
  const two = { ids: [EVENT.auditID, 'other'], ignored: 0, errors: [] };
  const one = { ids: [EVENT.auditID], ignored: 0, errors: [] };

  const cases: readonly [name: string, value: unknown, formats: readonly AuditFormat[], expected: Read][] = [
    ['an event', TEXT, ['Auto', 'Kubernetes', 'EKS', 'AKS', 'GKE'], one],
    [
      'an EventList',
      { kind: 'EventList', items: [EVENT, JSON.parse(OTHER)] },
      ['Auto', 'Kubernetes', 'EKS', 'AKS', 'GKE'],
      two,
    ],
    ['a CloudWatch record', awslogs(cloudWatch([TEXT, OTHER])), ['Auto', 'EKS'], two],
    ['a CloudWatch record, unpacked', cloudWatch([TEXT, OTHER]), ['Auto', 'EKS'], two],
    ['one of its events', { id: '1', timestamp: 1, message: TEXT }, ['Auto', 'EKS', 'GKE'], one],
    [
      'a CloudWatch probe',
      awslogs(cloudWatch(['CWL CONTROL MESSAGE: Checking health.'], 'CONTROL_MESSAGE')),
      ['Auto', 'EKS'],
      { ids: [], ignored: 1, errors: [] },
    ],
    [
      "another component's text in CloudWatch",
      cloudWatch(['I1124 05:48:24 1 main.go:1] Started']),
      ['Auto', 'EKS'],
      { ids: [], ignored: 0, errors: ['invalid-json'] },
    ],
    [
      'Azure records',
      { records: [azureRecord(`${TEXT}\n`), azureRecord(OTHER, 'kube-audit-admin')] },
      ['Auto', 'AKS'],
      two,
    ],
    ['an Azure record', azureRecord(TEXT), ['Auto', 'AKS'], one],
    [
      "an Azure record of another component's",
      azureRecord('I1124', 'kube-scheduler'),
      ['Auto', 'AKS'],
      { ids: [], ignored: 1, errors: [] },
    ],
    ['OTLP in JSON', otlp({ stringValue: TEXT }, { stringValue: OTHER }), ['Auto'], two],
    [
      'OTLP with a body that was parsed',
      otlp({ kvlistValue: {} }),
      ['Auto'],
      { ids: [], ignored: 0, errors: ['not-an-event'] },
    ],
    ["a line of Fluent Bit's", { date: 1.5, log: TEXT, stream: 'stdout' }, ['Auto'], one],
    ["a line of Vector's", { message: TEXT, host: 'a', source_type: 'file' }, ['Auto', 'EKS', 'GKE'], one],
  ];
  for (const [name, value, formats, expected] of cases) {
    for (const format of ['Auto', 'Kubernetes', 'EKS', 'AKS', 'GKE'] as const) {
      if (formats.includes(format)) it(`${name}, as ${format}`, () => assert.deepEqual(read(value, format), expected));
      else it(`not ${name}, as ${format}`, () => assert.deepEqual(read(value, format).ids, []));
    }
  }

  const broken: readonly [name: string, value: unknown, reason: string][] = [
    ['no JSON', 'no json', 'invalid-json'],
    ['a number', '7', 'not-an-event'],
    ['another object', { kind: 'Pod' }, 'not-an-event'],
    ['an EventList that is none', { kind: 'EventList', items: 7 }, 'not-an-event'],
    ['a record that is no base64 of gzip', { awslogs: { data: '!!' } }, 'invalid-json'],
    [
      'a record that unpacks to too much',
      { awslogs: { data: gzipSync(Buffer.alloc(40e6, 'x')).toString('base64') } },
      'oversize',
    ],
    ['envelopes in envelopes without an end', nested(9), 'not-an-event'],
    ['what is nested deeply', `${'['.repeat(1e6)}${']'.repeat(1e6)}`, 'not-an-event'],
  ];
  for (const [name, value, reason] of broken) {
    it(`${name}: ${reason}`, () => assert.deepEqual(read(value), { ids: [], ignored: 0, errors: [reason] }));
  }

  it('an event nested too deeply to be written again is no event', () => {
    const deep = `${'['.repeat(2e5)}${']'.repeat(2e5)}`;
    const event = TEXT.replace(/}$/, `,"requestObject":${deep}}`);
    assert.deepEqual(read(event).ids, [EVENT.auditID]);
    assert.deepEqual(read(`{"kind":"EventList","items":[${event}]}`).errors, ['not-an-event']);
  });

  it('the items of a list, which leave out what they are, become what the log would hold', () => {
    const item = TEXT.replace('"kind":"Event","apiVersion":"audit.k8s.io/v1",', '');
    assert.notEqual(item, TEXT);
    const [found] = readEvents({ bytes: Buffer.from(item), stripped: undefined }, 'Kubernetes');
    assert.equal(found?.kind === 'event' && found.text.toString(), TEXT);
    const list = { kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [JSON.parse(item)] };
    assert.deepEqual(read(list), one);
  });

  it('text of an event is kept as it came', () => {
    const spaced = JSON.stringify(EVENT, null, 1);
    for (const value of [spaced, JSON.stringify({ log: spaced }), JSON.stringify(azureRecord(spaced))]) {
      const [found] = readEvents({ bytes: Buffer.from(value), stripped: undefined }, 'Auto');
      assert.equal(found?.kind === 'event' && found.text.toString(), spaced);
    }
  });

  it('a body that AKS left out is unknown', () => {
    const event = auditEvent({ requestObject: { a: 1 }, responseObject: 'skipped-too-big-size-object' });
    const [found] = readEvents(
      { bytes: Buffer.from(JSON.stringify(azureRecord(JSON.stringify(event)))), stripped: undefined },
      'AKS',
    );
    assert.ok(found?.kind === 'event');
    assert.equal(found.stripped, true);
    assert.equal('requestObject' in found.event || 'responseObject' in found.event, false);
    assert.equal(found.text.toString(), TEXT);
  });
});

describe('an entry of GKE', () => {
  function entry(payload: object, more: object = {}): object {
    return {
      insertId: 'b2a7e2c0-6f0e-4f1c-9d7a-4c3f4a1d9e00',
      logName: 'projects/prod/logs/cloudaudit.googleapis.com%2Factivity',
      operation: { id: 'b2a7e2c0-6f0e-4f1c-9d7a-4c3f4a1d9e00', producer: 'k8s.io', first: true, last: true },
      protoPayload: {
        '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
        serviceName: 'k8s.io',
        authenticationInfo: { principalEmail: 'alice@example.test' },
        authorizationInfo: [{ granted: true, permission: 'p', resource: 'r' }],
        requestMetadata: { callerIp: '192.0.2.1', callerSuppliedUserAgent: 'kubectl/v1.37.2' },
        status: {},
        ...payload,
      },
      receiveTimestamp: '2026-11-24T05:48:26.123456789Z',
      resource: { type: 'k8s_cluster', labels: { cluster_name: 'prod', location: 'europe-west1', project_id: 'prod' } },
      labels: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
      timestamp: '2026-11-24T05:48:24.739976Z',
      ...more,
    };
  }

  function event(payload: object, more: object = {}) {
    const [found] = readEvents(
      { bytes: Buffer.from(JSON.stringify(entry(payload, more))), stripped: undefined },
      'Auto',
    );
    assert.ok(found?.kind === 'event', JSON.stringify(found));
    return found.event;
  }

  it('becomes the event that it was made of, as far as it can be told', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } };
    const made = event({
      methodName: 'io.k8s.core.v1.pods.create',
      resourceName: 'core/v1/namespaces/default/pods/web',
      request: { '@type': 'core.k8s.io/v1.Pod', ...pod },
      response: { '@type': 'core.k8s.io/v1.Pod', ...pod },
    });
    assert.deepEqual(made, {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'RequestResponse',
      auditID: 'b2a7e2c0-6f0e-4f1c-9d7a-4c3f4a1d9e00',
      stage: 'ResponseComplete',
      requestURI: '/api/v1/namespaces/default/pods/web',
      verb: 'create',
      user: { username: 'alice@example.test' },
      sourceIPs: ['192.0.2.1'],
      userAgent: 'kubectl/v1.37.2',
      objectRef: { resource: 'pods', namespace: 'default', name: 'web', apiVersion: 'v1' },
      responseStatus: { code: 200 },
      requestObject: pod,
      responseObject: pod,
      stageTimestamp: '2026-11-24T05:48:24.739976Z',
      annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
    });
    assert.equal(isDryRun(made), false);
  });

  const targets: readonly [method: string, name: string, uri: string, ref: object | undefined][] = [
    [
      'io.k8s.core.v1.pods.exec.create',
      'core/v1/namespaces/default/pods/web/exec',
      '/api/v1/namespaces/default/pods/web/exec',
      { resource: 'pods', namespace: 'default', name: 'web', subresource: 'exec', apiVersion: 'v1' },
    ],
    [
      'io.k8s.batch.v1.cronjobs.patch',
      'batch/v1/namespaces/a/cronjobs/b',
      '/apis/batch/v1/namespaces/a/cronjobs/b',
      { resource: 'cronjobs', namespace: 'a', name: 'b', apiGroup: 'batch', apiVersion: 'v1' },
    ],
    ['io.k8s.core.v1.secrets.list', 'core/v1/secrets', '/api/v1/secrets', { resource: 'secrets', apiVersion: 'v1' }],
    [
      'io.k8s.core.v1.secrets.list',
      'core/v1/namespaces/a/secrets',
      '/api/v1/namespaces/a/secrets',
      { resource: 'secrets', namespace: 'a', apiVersion: 'v1' },
    ],
    [
      'io.k8s.core.v1.namespaces.delete',
      'core/v1/namespaces/a',
      '/api/v1/namespaces/a',
      { resource: 'namespaces', namespace: 'a', name: 'a', apiVersion: 'v1' },
    ],
    [
      'io.k8s.core.v1.namespaces.finalize.update',
      'core/v1/namespaces/a/finalize',
      '/api/v1/namespaces/a/finalize',
      { resource: 'namespaces', namespace: 'a', name: 'a', subresource: 'finalize', apiVersion: 'v1' },
    ],
    [
      'io.k8s.authorization.rbac.v1.clusterroles.update',
      'rbac.authorization.k8s.io/v1/clusterroles/admin',
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/admin',
      { resource: 'clusterroles', name: 'admin', apiGroup: 'rbac.authorization.k8s.io', apiVersion: 'v1' },
    ],
    [
      'com.coreos.monitoring.v1.alertmanagers.get',
      'monitoring.coreos.com/v1/namespaces/a/alertmanagers/b',
      '/apis/monitoring.coreos.com/v1/namespaces/a/alertmanagers/b',
      { resource: 'alertmanagers', namespace: 'a', name: 'b', apiGroup: 'monitoring.coreos.com', apiVersion: 'v1' },
    ],
    ['io.k8s.get', 'readyz', '/readyz', undefined],
    ['io.k8s.get', 'api/v1', '/api/v1', undefined],
    ['io.k8s.get', 'apis/apps/v1', '/apis/apps/v1', undefined],
  ];
  for (const [methodName, resourceName, uri, ref] of targets) {
    it(`${methodName} ${resourceName}`, () => {
      const { verb, requestURI, objectRef } = event({ methodName, resourceName });
      assert.deepEqual(
        { verb, requestURI, objectRef },
        { verb: methodName.split('.').at(-1), requestURI: uri, objectRef: ref },
      );
    });
  }

  it('of an exec is a connect to the pod', () => {
    const made = event({
      methodName: 'io.k8s.core.v1.pods.exec.create',
      resourceName: 'core/v1/namespaces/default/pods/web/exec',
    });
    assert.equal(operationClass(made), 'connect');
    assert.deepEqual(target(made), {
      kind: 'object',
      apiGroup: '',
      apiVersion: 'v1',
      resource: 'pods',
      subresource: 'exec',
      namespace: 'default',
      name: 'web',
      uid: undefined,
    });
  });

  const statuses: readonly [payload: object, code: number | undefined, outcome: string][] = [
    [{ status: {} }, 200, 'Allowed'],
    [{ status: undefined }, 200, 'Allowed'],
    [{ status: { code: 7, message: 'PERMISSION_DENIED' } }, 403, 'Denied'],
    [{ status: { code: 16 } }, 401, 'Denied'],
    [{ status: { code: 5 } }, 404, 'Failed'],
    [{ status: { code: 6 } }, 409, 'Failed'],
    [{ status: { code: 99 } }, undefined, 'Unknown'],
    [{ status: { code: 3 }, response: { '@type': 'core.k8s.io/v1.Status', kind: 'Status', code: 422 } }, 422, 'Failed'],
  ];
  for (const [payload, code, expected] of statuses) {
    it(`with ${JSON.stringify(payload)} is ${expected}`, () => {
      const made = event({
        methodName: 'io.k8s.core.v1.pods.create',
        resourceName: 'core/v1/namespaces/a/pods',
        ...payload,
      });
      assert.equal(made.responseStatus?.code, code);
      assert.equal(outcome(made), expected);
    });
  }

  it('of a request that goes on is its start', () => {
    const watch = { methodName: 'io.k8s.core.v1.pods.watch', resourceName: 'core/v1/pods' };
    assert.equal(event(watch, { operation: { id: 'a', first: true } }).stage, 'ResponseStarted');
    assert.equal(event(watch, { operation: { id: 'a', last: true } }).stage, 'ResponseComplete');
    assert.equal(event(watch, { operation: undefined }).auditID, 'b2a7e2c0-6f0e-4f1c-9d7a-4c3f4a1d9e00');
  });

  it('without a caller has none', () => {
    const made = event({
      methodName: 'io.k8s.get',
      resourceName: 'readyz',
      authenticationInfo: {},
      requestMetadata: {},
    });
    assert.deepEqual([made.user, made.sourceIPs, made.userAgent], [undefined, undefined, undefined]);
  });

  it('of another service is ignored', () => {
    const other = entry({
      serviceName: 'container.googleapis.com',
      methodName: 'google.container.v1.ClusterManager.GetCluster',
    });
    assert.deepEqual(read(other), { ids: [], ignored: 1, errors: [] });
    assert.deepEqual(read(other, 'Kubernetes').errors, ['not-an-event']);
  });
});

function nested(depth: number): unknown {
  return depth === 0 ? EVENT : { log: JSON.stringify(nested(depth - 1)) };
}
