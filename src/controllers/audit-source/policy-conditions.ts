import { displayText } from '../../alerts/index.ts';
import type { ObservedLevels } from '../../audit/index.ts';
import { comparePolicy, type PolicyComparison } from '../../catalog/index.ts';
import { formatDiagnostic } from '../../sigma/index.ts';
import type { Verdict } from '../verdict.ts';
import type { PolicyText } from './known-logs.ts';

const READ = 'PolicyRead';
const MATCHES = 'PolicyMatches';
/** Conditions that are there only where a policy is given. */
export const POLICY_CONDITIONS: ReadonlySet<string> = new Set([READ, MATCHES]);
const MAX_SHOWN = 3;

/** What is observed against the policy that is given; undefined where there is none, or nothing was observed. */
export function comparison(parsed: PolicyText, observed: ObservedLevels | undefined): PolicyComparison | undefined {
  return parsed?.ok === true && observed !== undefined ? comparePolicy(parsed.policy, observed) : undefined;
}

export function policyConditions(parsed: PolicyText, compared: PolicyComparison | undefined): readonly Verdict[] {
  if (parsed === undefined) return [];
  if (parsed.ok) {
    return [
      { type: READ, status: 'True', reason: 'Parsed', message: 'The audit policy was read.' },
      { type: MATCHES, ...matches(compared) },
    ];
  }
  const message = displayText(parsed.errors.map(formatDiagnostic).join('; '), 4096);
  return [{ type: READ, status: 'False', reason: parsed.errors[0]?.code ?? 'Invalid', message }];
}

function matches(compared: PolicyComparison | undefined): Omit<Verdict, 'type'> {
  if (compared === undefined || compared.compared === 0)
    return {
      status: 'Unknown',
      reason: 'NothingObserved',
      message: 'No request was observed since the policy was given.',
    };
  const { differences } = compared;
  if (differences.length === 0)
    return { status: 'True', reason: 'Matches', message: 'All that was observed was logged as the policy says.' };
  const texts = differences.slice(0, MAX_SHOWN).map(({ verb, resource, observed, policy, bodiesMissing }) => {
    const bodies = bodiesMissing ? ' without bodies' : '';
    return `${verb} ${resource} was logged at ${observed.join(' and ')}${bodies}, and the policy says ${policy.join(' or ')}`;
  });
  const more = differences.length > MAX_SHOWN ? `; and ${differences.length - MAX_SHOWN} more` : '';
  const message = `The API server does not log as spec.policy says: ${texts.join('; ')}${more}. See status.policyDifferences.`;
  return { status: 'False', reason: 'Differs', message: displayText(message, 4096) };
}
