import type { AuditSource } from '../../api/audit-source.generated.ts';
import { type AuditPolicy, parseAuditPolicy } from '../../catalog/index.ts';
import { AUDIT_SOURCES } from '../../controllers/api-resources.ts';
import { type ClusterChoice, readObjects } from '../cluster/read-cluster.ts';
import { CommandFailure } from '../failure.ts';
import { failureText } from '../output/problems.ts';
import type { Output } from '../output/terminal.ts';

/**
 * The audit policy that the AuditSources of a cluster state. Undefined, with a word on `err`, where they state several, where it cannot be read, or where
 * whoever asks may not see AuditSources: pages then say that no policy is known.
 */
export async function readClusterPolicy(cluster: ClusterChoice, err: Output): Promise<AuditPolicy | undefined> {
  const texts = await statedPolicies(cluster, err);
  const [text, second] = texts;
  if (text === undefined) return undefined;
  if (second !== undefined) {
    err.write(
      err.style.dim('The AuditSources have different audit policies; give the one that is meant with --policy.\n'),
    );
    return undefined;
  }
  const result = parseAuditPolicy(text);
  if (result.ok) return result.policy;
  err.write(err.style.dim('The audit policy of the AuditSource is refused; its condition PolicyRead says why.\n'));
  return undefined;
}

async function statedPolicies(cluster: ClusterChoice, err: Output): Promise<readonly string[]> {
  try {
    const sources = await readObjects<AuditSource>(cluster, AUDIT_SOURCES);
    return [...new Set(sources.flatMap(({ spec: { policy } }) => policy ?? []))];
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    err.write(failureText(error, err.style));
    return [];
  }
}
