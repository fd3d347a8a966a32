import type { Alert } from '../../api/alert.generated.ts';
import {
  address,
  type Block,
  code,
  joined,
  muted,
  type Page,
  type Part,
  type Section,
  severity,
  type Text,
} from '../pages/page.ts';
import { age } from './age.ts';
import { stateOf } from './filters.ts';
import { stateMark } from './state-mark.ts';

/** An Alert as a short report: what happened, why it matters, who, from where, on what, why it matched, what to do next. */
export function alertPage(alert: Alert, now: number): Page {
  const { finding } = alert;
  return {
    title: finding.summary,
    subtitle: joined([
      severity(finding.severity),
      stateMark(stateOf(alert)),
      finding.rule.title,
      muted(alert.metadata.name),
    ]),
    sections: [
      happened(alert, now),
      whyItMatters(alert),
      list('evidence', 'Why the rule matched', alert.status?.evidence),
      list('false-positives', 'What may make it a false positive', finding.rule.falsePositives),
      requests(alert),
      triage(alert, now),
      whatNext(alert),
    ].flatMap((section) => section ?? []),
  };
}

function happened({ finding, status }: Alert, now: number): Section {
  const { impersonated, cluster } = finding;
  return facts('happened', 'What happened', [
    ['Who', [finding.actor, ...(impersonated === undefined ? [] : [` as ${impersonated}`])]],
    ...counts('Actors', status?.actors),
    ...counts('As', status?.identities),
    ...counts('Through pods', status?.pods),
    ['What', [`${finding.operation} ${finding.target}`]],
    ...counts('Objects', status?.objects, status?.unlisted?.['objects']),
    ...counts('Verbs', status?.verbs),
    ...counts('Subresources', status?.subresources),
    ['Outcome', [finding.outcome]],
    ...counts('Answers', status?.responseCodes),
    ...counts('From', status?.addresses, status?.unlisted?.['addresses']),
    ...counts('With', status?.clients, status?.unlisted?.['clients']),
    ['How often', [String(status?.count ?? 0), ...remarks(status)]],
    ['First seen', [status?.firstSeen ?? '', muted(` (${age(status?.firstSeen, now)} ago)`)]],
    ['Last seen', [status?.lastSeen ?? '', muted(` (${age(status?.lastSeen, now)} ago)`)]],
    ...(cluster === undefined ? [] : [['Cluster', [cluster]] as const]),
  ]);
}

function remarks(status: Alert['status']): Text {
  return [
    ...(status?.dryRuns === undefined ? [] : [`, ${status.dryRuns} of them dry runs`]),
    ...(status?.undetermined === undefined
      ? []
      : [`, ${status.undetermined} of them undetermined: bodies were cut off`]),
  ];
}

function whyItMatters({ finding: { rule } }: Alert): Section {
  const { description, attack = [], tags = [], author, id, references = [] } = rule;
  const about = facts('rule', 'Why it matters', [
    ...(attack.length === 0 ? [] : [['ATT&CK', ...attack.map((line): Text => [line])] as const]),
    ['Rule', [rule.title, muted(` (${id ?? rule.name})`)]],
    ...(author === undefined ? [] : [['Author', [author]] as const]),
    ...(tags.length === 0 ? [] : [['Tags', [tags.join(', ')]] as const]),
    ...(references.length === 0 ? [] : [['References', ...references.map((url): Text => [address(url)])] as const]),
  ]);
  const prose: readonly Block[] = description === undefined ? [] : [{ kind: 'paragraph', text: [description] }];
  return { ...about, blocks: [...prose, ...about.blocks] };
}

function requests({ status }: Alert): Section | undefined {
  const { samples = [], count = 0 } = status ?? {};
  if (samples.length === 0) return undefined;
  const columns = ['Time', 'Request', 'Answer', 'Audit ID'].map((title) => ({ title }));
  const rows = samples.map(({ at, verb, object, requestURI, code: answer, auditID, undetermined = false }) => [
    [[at ?? ''], ...(undetermined ? [[muted('undetermined')]] : [])],
    [[`${verb} ${object ?? ''}`], [muted(requestURI ?? '')]],
    [[String(answer ?? '')]],
    [[auditID ?? '']],
  ]);
  const title = count > samples.length ? 'The first requests and the last one' : 'The requests';
  return { id: 'requests', title, blocks: [{ kind: 'table', caption: title, columns, rows }] };
}

function triage({ triage: written, status }: Alert, now: number): Section | undefined {
  if (written === undefined) return undefined;
  return facts('triage', 'Triage', [
    ['State', [written.state]],
    ['By', [written.by, muted(status?.triagedAt === undefined ? '' : ` (${age(status.triagedAt, now)} ago)`)]],
    ...(written.assignee === undefined ? [] : [['Assignee', [written.assignee]] as const]),
    ...(written.comment === undefined ? [] : [['Comment', [written.comment]] as const]),
  ]);
}

function whatNext({ finding, metadata }: Alert): Section {
  const commands = [...(finding.whatNext ?? []), `kubectl detections ack ${metadata.name}`];
  return {
    id: 'next',
    title: 'What to look at next',
    blocks: [{ kind: 'list', items: commands.map((line) => [code(line)]) }],
  };
}

type Row = readonly [label: string, ...values: readonly Text[]];

function facts(id: string, title: string, rows: readonly Row[]): Section {
  return { id, title, blocks: [{ kind: 'facts', facts: rows.map(([label, ...values]) => ({ label, values })) }] };
}

function list(id: string, title: string, lines: readonly string[] | undefined): Section | undefined {
  if (lines === undefined || lines.length === 0) return undefined;
  return { id, title, blocks: [{ kind: 'list', items: lines.map((line) => [line]) }] };
}

/** Values with how often each occurred, the most frequent first. */
function counts(label: string, tally: Readonly<Record<string, number>> | undefined, others = 0): readonly Row[] {
  const entries = Object.entries(tally ?? {}).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  if (entries.length === 0) return [];
  const values = entries.map(
    ([value, count]): Text => (entries.length === 1 && others === 0 ? [value] : [value, muted(` (${count})`)]),
  );
  const rest: readonly Part[] = others === 0 ? [] : [muted(`and others (${others} requests)`)];
  return [[label, ...values, ...rest.map((part): Text => [part])]];
}
