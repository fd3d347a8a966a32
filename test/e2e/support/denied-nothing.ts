import assert from 'node:assert/strict';
import { auditLogFiles, wholeLinesOf } from '../../../dev/control-plane/index.ts';
import { OPERATOR, type TestCluster } from './test-cluster.ts';

/** An audit event, as far as the tests look at it. */
interface LoggedRequest {
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username?: string };
  readonly userAgent?: string;
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
  };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** All that is in the audit log, backups included. */
function loggedRequests(cluster: TestCluster): readonly LoggedRequest[] {
  return auditLogFiles(cluster.plane.auditDirectory)
    .flatMap(wholeLinesOf)
    .map((line): LoggedRequest => JSON.parse(line));
}

/**
 * The last test of a file, in a group of its own, because tests of a group run before the groups in it. An API server that
 * has just begun denies what it allows a moment later: what counts is what was denied and never allowed.
 */
export function itWasDeniedNothing(cluster: () => TestCluster): void {
  describe('in the end', () => {
    it('the operator has needed nothing that its RBAC does not allow', () => {
      const tried = { allow: new Set<string>(), forbid: new Set<string>() };
      for (const { user, userAgent, annotations, ...request } of loggedRequests(cluster())) {
        if (user.username !== OPERATOR || userAgent?.startsWith('sigma-operator/') !== true) continue;
        const decision = annotations?.['authorization.k8s.io/decision'];
        if (decision === 'allow' || decision === 'forbid') tried[decision].add(whatItNeeds(request));
      }
      assert.deepEqual([...tried.forbid.difference(tried.allow)], []);
      assert.ok(tried.allow.size > 0);
    });
  });
}

/** Verb, resource and namespace: that is, but for names, what RBAC is about. */
function whatItNeeds({
  verb,
  requestURI,
  objectRef: on,
}: Pick<LoggedRequest, 'verb' | 'requestURI' | 'objectRef'>): string {
  if (on === undefined) return `${verb} ${requestURI}`;
  return [verb, on.apiGroup, on.resource, on.subresource, on.namespace].filter((part) => part !== undefined).join(' ');
}
