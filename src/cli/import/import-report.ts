import { displayText } from '../../alerts/index.ts';
import { countOf, countText } from '../output/quantities.ts';
import type { Style } from '../output/style.ts';
import type { LoadProblem } from '../rules/load-problem.ts';

/** A rule that has a manifest now. */
export interface ImportedRule {
  readonly action: 'created' | 'updated' | 'unchanged';
  /** Of the DetectionRule. */
  readonly name: string;
  /** From the output folder. */
  readonly file: string;
  /** From the root of what was imported. */
  readonly source: string;
  readonly id: string | undefined;
  readonly title: string;
  readonly author: string | undefined;
}

/** What an import did. */
export interface ImportReport {
  readonly rules: readonly ImportedRule[];
  /** Reasons, and how many rules were left out for each. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** DetectionRules of the output folder that no rule of the source stands for; they stay. */
  readonly notInSource: readonly { readonly name: string; readonly file: string }[];
  readonly problems: readonly LoadProblem[];
}

const MOST_REASONS = 8;

/** What changed, and what it amounts to. */
export function importText({ rules, leftOut, notInSource, problems }: ImportReport, out: string, style: Style): string {
  const changed = rules.filter(({ action }) => action !== 'unchanged');
  const count = (action: ImportedRule['action']): string =>
    countText(rules.filter((rule) => rule.action === action).length);
  const lines = [
    ...changed.map(
      ({ action, file, title }) =>
        `${style.green(action)}  ${displayText(file, 500)}  ${style.dim(displayText(title, 200))}`,
    ),
    ...notInSource.map(
      ({ file }) => `${style.yellow('not in the source')}  ${displayText(file, 500)}  ${style.dim('kept')}`,
    ),
    `${countOf(rules.length, 'rule')} in ${displayText(out, 500)}: ${count('created')} created, ${count('updated')} updated, ${count('unchanged')} unchanged.`,
    ...leftOutLine(leftOut),
    ...(problems.length > 0 ? [style.red(`${countOf(problems.length, 'problem')}; see above.`)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function leftOutLine(leftOut: ImportReport['leftOut']): readonly string[] {
  const reasons = Object.entries(leftOut);
  if (reasons.length === 0) return [];
  const all = reasons.reduce((sum, [, count]) => sum + count, 0);
  const shown = reasons
    .slice(0, MOST_REASONS)
    .map(([reason, count]) => `${displayText(reason, 60)} ${countText(count)}`);
  const more = reasons.length > MOST_REASONS ? ', …' : '';
  return [
    `Left out, not for Kubernetes audit events or not to be used: ${countText(all)} (${shown.join(', ')}${more}).`,
  ];
}
