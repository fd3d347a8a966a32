import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { OPERATOR, type TestCluster } from './test-cluster.ts';

/** An audit event, as far as the tests look at it. */
export interface LoggedRequest {
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username?: string };
  readonly userAgent?: string;
  readonly responseStatus?: { readonly code?: number };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** All that is in the audit log, backups included. */
export function loggedRequests(cluster: TestCluster): readonly LoggedRequest[] {
  const directory = cluster.plane.auditDirectory;
  return readdirSync(directory)
    .sort()
    .flatMap((name) => {
      const content = readFileSync(join(directory, name));
      const text = (name.endsWith('.gz') ? gunzipSync(content) : content).toString('utf8');
      const lines = text.slice(0, text.lastIndexOf('\n')).split('\n');
      return lines.filter((line) => line !== '').map((line): LoggedRequest => JSON.parse(line));
    });
}

/** The last test of a file, in a group of its own, because tests of a group run before the groups in it. */
export function itWasDeniedNothing(cluster: () => TestCluster): void {
  describe('in the end', () => {
    it('the operator has needed nothing that its RBAC does not allow', () => {
      const denied = loggedRequests(cluster())
        .filter(
          ({ user, userAgent }) => user.username === OPERATOR && userAgent?.startsWith('sigma-operator/') === true,
        )
        .filter(({ annotations }) => annotations?.['authorization.k8s.io/decision'] === 'forbid')
        .map(({ verb, requestURI }) => `${verb} ${requestURI}`);
      assert.deepEqual(denied, []);
    });
  });
}
