import { displayText } from '../../alerts/index.ts';
import { type SmallestPolicy, smallestPolicy } from '../../catalog/index.ts';
import { loadCatalog, reportGaps } from '../catalog/load-catalog.ts';
import { CommandFailure } from '../failure.ts';
import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import { safeJsonIndented } from '../output/json.ts';
import type { Output, Terminal } from '../output/terminal.ts';
import type { RuleSelection } from '../rules/rule-options.ts';
import { estimateVolume } from './estimate-volume.ts';
import { policySubjects } from './policy-subjects.ts';
import { policyText } from './policy-text.ts';

export interface PolicyOptions extends RuleSelection {
  readonly whole: boolean;
  readonly log: readonly string[];
  readonly format: 'yaml' | 'json';
}

/** Prints the smallest audit policy for rules. Throws a CommandFailure. */
export async function runPolicy(options: PolicyOptions, terminal: Terminal): Promise<ExitStatus> {
  const { out, err } = terminal;
  const loaded = await loadCatalog(options);
  reportGaps(loaded, err);
  const { subjects } = policySubjects(loaded.catalog);
  if (subjects.length === 0)
    throw new CommandFailure(
      'NoRules',
      options.rules.join(', '),
      'None of the rules is about Kubernetes audit events.',
    );
  const smallest = smallestPolicy(subjects, { level: options.whole ? 'Whole' : 'CanFire' });
  reportCannotFire(smallest, err);
  const volume = options.log.length === 0 ? undefined : await estimateVolume(smallest.policy, options.log, terminal);
  if (options.format === 'json') out.write(`${safeJsonIndented({ ...smallest, volume })}\n`);
  else out.write(policyText(smallest, subjects.length - smallest.cannotFire.length, volume));
  return smallest.cannotFire.length > 0 ? EXIT.findings : EXIT.clean;
}

function reportCannotFire({ cannotFire }: SmallestPolicy, err: Output): void {
  for (const { title, key, observability } of cannotFire)
    err.write(
      `${err.style.yellow('cannot fire')} ${displayText(title, 500)} (${displayText(key, 500)}): ${displayText(observability.message, 1000)}\n`,
    );
}
