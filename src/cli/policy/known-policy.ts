import type { AuditPolicy } from '../../catalog/index.ts';
import type { Output } from '../output/terminal.ts';
import type { RuleSelection } from '../rules/rule-options.ts';
import { readPolicy } from './read-policy.ts';

/** The audit policy of a file, else that of the cluster whose rules are shown; undefined where neither is given. Throws a CommandFailure. */
export async function knownPolicy(
  selection: RuleSelection & { readonly policy?: string | undefined },
  err: Output,
): Promise<AuditPolicy | undefined> {
  if (selection.policy !== undefined) return readPolicy(selection.policy, err);
  if (!selection.cluster) return undefined;
  const { readClusterPolicy } = await import('./cluster-policy.ts');
  return readClusterPolicy(selection, err);
}
