import { printAuditPolicy, type SmallestPolicy } from '../../catalog/index.ts';
import { bytesText, countOf, countText } from '../output/quantities.ts';
import { visibleText } from '../pages/visible-text.ts';
import type { PolicyVolume } from './estimate-volume.ts';

const LONGEST_COMMENT = 118;

/** The policy as YAML with the reasons of each rule in front of it. @param rules how many detection rules it is for. */
export function policyText(
  { policy, reasons }: SmallestPolicy,
  rules: number,
  volume: PolicyVolume | undefined,
): string {
  const head = [
    `Smallest audit policy under which ${countOf(rules, 'rule')} can fire; made by sigma-operator policy.`,
    ...(volume === undefined ? [] : volumeLines(volume)),
  ];
  const comments = reasons.map(({ neededBy, resources }, i) => [
    ...reasonLines(neededBy, resources),
    ...(volume === undefined ? [] : [`volume: ${amountText(volume.rules[i])}`]),
  ]);
  return `${head.map((line) => `# ${line}\n`).join('')}${printAuditPolicy(policy, comments)}`;
}

type Reason = SmallestPolicy['reasons'][number];

/** Resources that the same rules need share a comment. */
function reasonLines(neededBy: Reason['neededBy'], resources: Reason['resources']): readonly string[] {
  const titles = new Map(neededBy.map(({ key, title }) => [key, visibleText(title)]));
  const groups = Map.groupBy(resources, ({ neededBy: keys }) => JSON.stringify(keys));
  if (groups.size <= 1) return wrapped(neededBy.map(({ title }) => visibleText(title)).join('; '));
  return [...groups.values()].flatMap((group) => {
    const names = group.map(({ group: apiGroup, resource }) =>
      apiGroup === '' ? resource : `${resource} (${apiGroup})`,
    );
    const keys = group[0]?.neededBy ?? [];
    return wrapped(`${names.join(', ')}: ${keys.map((key) => titles.get(key) ?? key).join('; ')}`);
  });
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > LONGEST_COMMENT) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function volumeLines({ events, bytes, all, days, lowerBound }: PolicyVolume): readonly string[] {
  const share = all.events === 0 ? 0 : Math.round((events / all.events) * 100);
  const perDay = days === undefined ? '' : `, about ${bytesText(bytes / days)} a day`;
  return [
    `Volume: ${countText(events)} of the ${countText(all.events)} events of the log (${share} %), ${bytesText(bytes)} of ${bytesText(all.bytes)}${perDay}.`,
    ...(lowerBound > 0
      ? [
          `${countText(lowerBound)} of them ${lowerBound === 1 ? 'is' : 'are'} logged there at a lower level, without bodies, and will be larger.`,
        ]
      : []),
  ];
}

function amountText(amount: { readonly events: number; readonly bytes: number } | undefined): string {
  return `${countOf(amount?.events ?? 0, 'event')}, ${bytesText(amount?.bytes ?? 0)}`;
}
