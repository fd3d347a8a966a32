import type { TortureResult } from './torture.ts';

type Figure = readonly [what: string, number: number];

/** For the terminal; the last line is the verdict. */
export function summaryText(result: TortureResult): string {
  const width = Math.max(...figures(result).map(([what]) => what.length));
  const lines = figures(result).map(([what, number]) => `  ${what.padEnd(width)}  ${String(number).padStart(8)}`);
  const wrong = [...result.faults, ...result.verdict.differences].map((line) => `  ${line}`);
  return ['', ...lines, '', ...(wrong.length > 0 ? [...wrong, ''] : []), verdictLine(result)].join('\n');
}

/** A page of Markdown. */
export function reportText(result: TortureResult): string {
  const { options, seconds, verdict, faults } = result;
  const wrong = [...faults, ...verdict.differences].map((line) => `- ${line}`);
  return `# Report of the torture

Written by \`npm run torture -- --minutes ${options.minutes} --seed ${options.seed} --report FILE\`; it ran for ${Math.round(seconds)} s
in all, with ${options.replicas} replicas of the operator. [CONTRIBUTING.md](../CONTRIBUTING.md#torture) says what is done.

**${verdictLine(result)}**
${wrong.length > 0 ? `\n${wrong.join('\n')}\n` : ''}
| | |
|---|---:|
${figures(result)
  .map(([what, number]) => `| ${what} | ${number} |`)
  .join('\n')}
`;
}

function verdictLine({ verdict: { lost, doubled } }: TortureResult): string {
  return `lost ${lost}, doubled ${doubled}`;
}

function figures({ requests, recount, verdict, tally, alerts }: TortureResult): readonly Figure[] {
  return [
    ['requests answered', requests.answered],
    ['requests without an answer', requests.unanswered],
    ['events in the audit log', recount.events],
    ['rotations of the audit log', recount.files - 1],
    ['matches of rules', verdict.matches],
    ['kills of the operator', tally.kills],
    ['kills after which its Lease had to run out', tally.takeOvers],
    ['freezes of the operator', tally.freezes],
    ['orderly stops of the operator', tally.gentleStops],
    ['losses of its local state', tally.lostStates],
    ['restarts of kube-apiserver', tally.apiServerRestarts],
    ['stalls of etcd', tally.stalls],
    ['kills of the webhook receiver', tally.receiverKills],
    ['full volumes of the receiver', tally.fullVolumes],
    ['gaps that were forced, reported, and filled by the backup', tally.gaps],
    ['Alerts deleted by hand', tally.deletedAlerts],
    ['Alerts triaged', tally.triaged],
    ['Alerts in the end', alerts.total],
    ['of which count what found no room', alerts.overflows],
  ];
}
