import assert from 'node:assert/strict';
import { type AuditEvent, isDryRun, type ObjectReference } from '../../../src/audit/index.ts';
import { auditEvent } from './events.ts';

const JOBS: ObjectReference = {
  resource: 'jobs',
  namespace: 'default',
  name: 'one',
  apiGroup: 'batch',
  apiVersion: 'v1',
};
const PATH = '/apis/batch/v1/namespaces/default/jobs/one';

function check(fields: Partial<AuditEvent>): boolean {
  return isDryRun(auditEvent({ objectRef: JOBS, requestURI: `${PATH}?dryRun=All`, ...fields }));
}

describe('dry runs', () => {
  const DELETE_OPTIONS = { kind: 'DeleteOptions', apiVersion: 'v1' };
  const dryRuns: readonly [name: string, fields: Partial<AuditEvent>][] = [
    ['a create', { verb: 'create' }],
    ['an update', { verb: 'update' }],
    ['a patch', { verb: 'patch' }],
    ['one parameter among others', { requestURI: `${PATH}?fieldManager=x&dryRun=All&force=true` }],
    ['a parameter that is percent-encoded', { requestURI: `${PATH}?dry%52un=%41ll` }],
    [
      'a delete by its body',
      { verb: 'delete', requestURI: PATH, requestObject: { ...DELETE_OPTIONS, dryRun: ['All'] } },
    ],
    ['a delete without a body, where bodies are logged', { verb: 'delete', level: 'Request' }],
    [
      'a deletecollection without a body, where bodies are logged',
      { verb: 'deletecollection', level: 'RequestResponse' },
    ],
  ];
  for (const [name, fields] of dryRuns) it(`are ${name}`, () => assert.equal(check(fields), true));

  const real: readonly [name: string, fields: Partial<AuditEvent>][] = [
    ['nothing that does not ask for it', { requestURI: PATH }],
    ['a value that the server refuses', { requestURI: `${PATH}?dryRun=true` }],
    ['a parameter of another name', { requestURI: `${PATH}?xdryRun=All` }],
    ['a path that only looks like it', { requestURI: `${PATH}/dryRun=All` }],
    ['a parameter in a fragment of the value', { requestURI: `${PATH}?fieldManager=dryRun%3DAll` }],
    ['reads, which the server answers all the same', { verb: 'get' }],
    ['watches', { verb: 'watch' }],
    ['exec, which ignores it', { verb: 'create', objectRef: { resource: 'pods', name: 'p', subresource: 'exec' } }],
    ['a proxied request', { verb: 'create', objectRef: { resource: 'services', name: 's', subresource: 'proxy' } }],
    [
      'a token request, which returns a token',
      { objectRef: { resource: 'serviceaccounts', name: 's', subresource: 'token' } },
    ],
    [
      'a review, which answers',
      { objectRef: { resource: 'selfsubjectrulesreviews', apiGroup: 'authorization.k8s.io' } },
    ],
    ['a token review', { objectRef: { resource: 'tokenreviews', apiGroup: 'authentication.k8s.io' } }],
    ['a delete whose body overrides the query', { verb: 'delete', level: 'Request', requestObject: DELETE_OPTIONS }],
    ['a delete whose body is not logged', { verb: 'delete', level: 'Metadata' }],
    [
      'a delete whose body was cut off',
      { verb: 'delete', level: 'Request', annotations: { 'audit.k8s.io/truncated': 'true' } },
    ],
    ['a delete with a body that is no object', { verb: 'delete', level: 'Request', requestObject: null }],
  ];
  for (const [name, fields] of real) it(`are not ${name}`, () => assert.equal(check(fields), false));

  it('are not requests to a path that is no resource', () => {
    assert.equal(isDryRun(auditEvent({ requestURI: '/healthz?dryRun=All' })), false);
  });
});
