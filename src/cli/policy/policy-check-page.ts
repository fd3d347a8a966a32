import type { PolicyCheck } from '../../catalog/index.ts';
import { countOf } from '../output/quantities.ts';
import { mark, muted, type Page, type Part, ruleLink } from '../pages/page.ts';
import type { PolicySubjects } from './policy-subjects.ts';

type Checked = PolicyCheck['rules'][number];

/** What a policy lets rules see, the worst first. */
export function policyCheckPage(check: PolicyCheck, { others, off }: PolicySubjects): Page {
  const { rules, cannotFire, limited } = check;
  const fine = rules.length - cannotFire.length - limited.length;
  const left = [...(others > 0 ? [`${others} for other products`] : []), ...(off > 0 ? [`${off} with mode Off`] : [])];
  return {
    title: 'Audit policy check',
    subtitle: [
      `${countOf(cannotFire.length, 'rule')} cannot fire, ${limited.length} see only a part, ${fine} see everything`,
      ...(left.length > 0 ? [muted(` (left out: ${left.join(', ')})`)] : []),
    ],
    sections: [
      {
        id: 'rules',
        title: 'Rules',
        blocks: [
          {
            kind: 'table',
            caption: 'Rules',
            columns: [{ title: 'Verdict' }, { title: 'Rule' }, { title: 'Reason' }, { title: 'Why' }],
            rows: rules
              .toSorted((a, b) => rank(a) - rank(b))
              .map((rule) => [
                [[verdictPart(rule)]],
                [[ruleLink(rule.key, rule.title)]],
                [[rule.observability.reason]],
                [[rule.observability.message]],
              ]),
          },
        ],
      },
    ],
  };
}

function rank({ observability: { status, reason } }: Checked): number {
  if (status === 'False') return 0;
  return reason === 'Observable' ? 2 : 1;
}

function verdictPart(rule: Checked): Part {
  const verdicts = [mark('bad', 'cannot fire'), mark('warning', 'limited'), mark('good', 'can fire')];
  return verdicts[rank(rule)] ?? '';
}
