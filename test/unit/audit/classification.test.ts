import assert from 'node:assert/strict';
import {
  type Actor,
  type AuditEvent,
  actor,
  bodiesUnknown,
  decodeAuditLine,
  isLongRunning,
  type ObjectReference,
  operationClass,
  outcome,
  target,
  trustedSourceIP,
} from '../../../src/audit/index.ts';
import { auditEvent, REAL_LINES } from './events.ts';

const PODS: ObjectReference = { resource: 'pods', namespace: 'team-a', name: 'p', apiVersion: 'v1' };

describe('classification of audit events', () => {
  describe('operation class', () => {
    const cases: readonly [verb: string, subresource: string | undefined, expected: string, isLong: boolean][] = [
      ['create', undefined, 'create', false],
      ['update', undefined, 'change', false],
      ['update', 'status', 'change', false],
      ['patch', undefined, 'change', false],
      ['delete', undefined, 'delete', false],
      ['deletecollection', undefined, 'delete', false],
      ['get', undefined, 'read', false],
      ['list', undefined, 'read', false],
      ['watch', undefined, 'read', true],
      ['head', undefined, 'read', false],
      ['get', 'log', 'read', true],
      ['get', 'exec', 'connect', true],
      ['create', 'exec', 'connect', true],
      ['create', 'attach', 'connect', true],
      ['create', 'portforward', 'connect', true],
      ['delete', 'proxy', 'connect', true],
      ['proxy', undefined, 'connect', true],
      ['create', 'eviction', 'create', false],
      ['impersonate', undefined, 'other', false],
      ['propfind', undefined, 'other', false],
      ['constructor', undefined, 'other', false],
    ];
    for (const [verb, subresource, expected, isLong] of cases) {
      it(`${verb} ${subresource ?? ''} is ${expected}${isLong ? ', long-running' : ''}`, () => {
        const event = auditEvent({ verb, objectRef: subresource === undefined ? PODS : { ...PODS, subresource } });
        assert.equal(operationClass(event), expected);
        assert.equal(isLongRunning(event), isLong);
      });
    }

    it('takes profiling for long-running, as kube-apiserver does', () => {
      assert.equal(isLongRunning(auditEvent({ verb: 'get', requestURI: '/debug/pprof/profile' })), true);
    });
  });

  describe('outcome', () => {
    const cases: readonly [code: number | undefined, expected: string][] = [
      [101, 'Allowed'],
      [200, 'Allowed'],
      [399, 'Allowed'],
      [401, 'Denied'],
      [403, 'Denied'],
      [400, 'Failed'],
      [404, 'Failed'],
      [500, 'Failed'],
      [0, 'Unknown'],
      [Number.NaN, 'Unknown'],
      [undefined, 'Unknown'],
    ];
    for (const [code, expected] of cases) {
      it(`${code} is ${expected}`, () => {
        assert.equal(outcome(auditEvent(code === undefined ? {} : { responseStatus: { code } })), expected);
      });
    }
  });

  describe('target', () => {
    const cronjobs: ObjectReference = {
      resource: 'cronjobs',
      namespace: 'team-a',
      apiGroup: 'batch',
      apiVersion: 'v1',
    };
    const named = (fields: Partial<AuditEvent>): string => {
      const found = target(auditEvent({ objectRef: cronjobs, ...fields }));
      return found.kind === 'object' ? found.name : assert.fail();
    };

    it('is the object of the path', () => {
      assert.deepEqual(
        target(auditEvent({ objectRef: { ...cronjobs, name: 'hello', subresource: 'status', uid: 'u' } })),
        {
          kind: 'object',
          apiGroup: 'batch',
          apiVersion: 'v1',
          resource: 'cronjobs',
          subresource: 'status',
          namespace: 'team-a',
          name: 'hello',
          uid: 'u',
        },
      );
    });

    it('is the path without its query where that is no resource', () => {
      const path = { kind: 'path', path: '/version' };
      assert.deepEqual(target(auditEvent({ requestURI: '/version?timeout=5s' })), path);
      assert.deepEqual(target(auditEvent({ requestURI: '/version' })), path);
    });

    const bodies: readonly [name: string, fields: Partial<AuditEvent>, expected: string][] = [
      ['the request body', { requestObject: { metadata: { name: 'hello' } } }, 'hello'],
      [
        'the response body, which knows what generateName became',
        { requestObject: { metadata: { generateName: 'h-' } }, responseObject: { metadata: { name: 'h-x7z2k' } } },
        'h-x7z2k',
      ],
      ['generateName, where nothing else is known', { requestObject: { metadata: { generateName: 'h-' } } }, 'h-*'],
      ['nothing, where there is no body', {}, ''],
      ['nothing, where the body is not an object', { requestObject: [{ op: 'add' }], responseObject: 'x' }, ''],
      ['nothing, where the name is no text', { requestObject: { metadata: { name: { a: 1 } } } }, ''],
      ['nothing, where the request lists', { verb: 'list', responseObject: { metadata: { name: 'x' } } }, ''],
    ];
    for (const [name, fields, expected] of bodies)
      it(`takes the name from ${name}`, () => assert.equal(named(fields), expected));
  });

  describe('actor', () => {
    const cases: readonly [name: string, fields: Partial<AuditEvent>, expected: Partial<Actor>][] = [
      ['a user', {}, { username: 'alice@example.test', kind: 'User', impersonated: undefined }],
      ['nobody', { user: {} }, { username: '(unauthenticated)', kind: 'Unauthenticated', groups: [] }],
      [
        'a user who took that name',
        { user: { username: '(unauthenticated)' } },
        { username: '(unauthenticated)', kind: 'User' },
      ],
      ['system:anonymous', { user: { username: 'system:anonymous' } }, { kind: 'Anonymous' }],
      ['a node', { user: { username: 'system:node:n1' } }, { kind: 'Node' }],
      ['a component', { user: { username: 'system:kube-scheduler' } }, { kind: 'System' }],
      [
        'someone who impersonates',
        { impersonatedUser: { username: 'admin', groups: ['system:masters'] } },
        {
          username: 'alice@example.test',
          impersonated: { username: 'admin', uid: undefined, groups: ['system:masters'] },
        },
      ],
      [
        'a pod, by its token',
        {
          user: {
            username: 'system:serviceaccount:team-a:ci',
            uid: 'u',
            extra: {
              'authentication.kubernetes.io/pod-name': ['ci-1'],
              'authentication.kubernetes.io/pod-uid': ['pu'],
              'authentication.kubernetes.io/node-name': ['n1'],
              'authentication.kubernetes.io/credential-id': ['JTI=1'],
            },
          },
        },
        {
          kind: 'ServiceAccount',
          uid: 'u',
          pod: { name: 'ci-1', uid: 'pu' },
          node: { name: 'n1', uid: undefined },
          credentialID: 'JTI=1',
        },
      ],
    ];
    for (const [name, fields, expected] of cases) {
      it(`is ${name}`, () => {
        const found = actor(auditEvent(fields));
        assert.deepEqual({ ...found, ...expected }, found);
      });
    }
  });

  it('trusts only the last source address', () => {
    assert.equal(trustedSourceIP(auditEvent({ sourceIPs: ['203.0.113.9', '10.0.0.1', '192.0.2.7'] })), '192.0.2.7');
    assert.equal(trustedSourceIP(auditEvent({ sourceIPs: [] })), undefined);
  });

  it('knows that bodies were cut off', () => {
    assert.equal(bodiesUnknown(auditEvent({ annotations: { 'audit.k8s.io/truncated': 'true' } })), true);
    assert.equal(bodiesUnknown(auditEvent({ annotations: { 'audit.k8s.io/truncated': 'false' } })), false);
    assert.equal(bodiesUnknown(auditEvent()), false);
  });

  it('reads what a kube-apiserver writes', () => {
    const seen = REAL_LINES.map((line) => {
      const decoded = decodeAuditLine(Buffer.from(line));
      assert.equal(decoded.kind, 'event');
      if (decoded.kind !== 'event') return '';
      const { event } = decoded;
      const what = target(event);
      return `${operationClass(event)} ${outcome(event)} ${what.kind === 'path' ? what.path : `${what.resource}/${what.name}`}`;
    });
    assert.ok(seen.includes('read Allowed /version'));
    assert.ok(seen.includes('create Allowed cronjobs/hello'));
    assert.ok(seen.includes('create Denied cronjobs/'));
    assert.ok(seen.includes('connect Failed pods/p'));
    assert.ok(seen.includes('delete Allowed pods/'));
  });
});
