import { policyCheck } from '../../catalog/index.ts';
import type { ListingOptions } from '../catalog/listing-options.ts';
import { loadCatalog, reportGaps } from '../catalog/load-catalog.ts';
import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import type { Terminal } from '../output/terminal.ts';
import { printPage } from '../pages/print-page.ts';
import { policyCheckPage } from './policy-check-page.ts';
import { policySubjects } from './policy-subjects.ts';
import { readPolicy } from './read-policy.ts';

export interface PolicyCheckOptions extends ListingOptions {
  readonly policy: string;
  readonly failOn: 'cannot-fire' | 'limited' | 'never';
}

/** Prints what an audit policy lets rules see. Throws a CommandFailure. */
export async function runPolicyCheck(options: PolicyCheckOptions, { out, err }: Terminal): Promise<ExitStatus> {
  const policy = readPolicy(options.policy, err);
  const loaded = await loadCatalog(options);
  reportGaps(loaded, err);
  const subjects = policySubjects(loaded.catalog);
  const check = policyCheck(policy, subjects.subjects);
  printPage(policyCheckPage(check, subjects), check, options.format, out);
  const failing = check.cannotFire.length > 0 || (options.failOn === 'limited' && check.limited.length > 0);
  return failing && options.failOn !== 'never' ? EXIT.findings : EXIT.clean;
}
