import type { Alert } from '../../api/alert.generated.ts';
import { type Cell, type Column, type Part, severity, type TableBlock } from '../pages/page.ts';
import { age } from './age.ts';
import { stateOf } from './filters.ts';
import { stateMark } from './state-mark.ts';

interface AlertColumn extends Column {
  readonly cell: (alert: Alert, now: number) => Part;
}

const COLUMNS: readonly AlertColumn[] = [
  { title: 'Name', cell: ({ metadata }) => metadata.name },
  { title: 'Severity', cell: ({ finding }) => severity(finding.severity) },
  { title: 'State', cell: (alert) => stateMark(stateOf(alert)) },
  { title: 'Count', align: 'right', cell: ({ status }) => String(status?.count ?? 0) },
  { title: 'Last seen', cell: ({ status }, now) => age(status?.lastSeen, now) },
  { title: 'What happened', cell: ({ finding }) => finding.summary },
];

const WIDE: readonly AlertColumn[] = [
  { title: 'Rule', cell: ({ finding }) => finding.rule.title },
  { title: 'Assignee', cell: ({ triage }) => triage?.assignee ?? '' },
  { title: 'Cluster', cell: ({ finding }) => finding.cluster ?? '' },
  { title: 'From', cell: ({ status }) => status?.from ?? '' },
  { title: 'Undetermined', align: 'right', cell: ({ status }) => String(status?.undetermined ?? '') },
];

/** Alerts, one on a line. */
export function alertTable(alerts: readonly Alert[], detail: 'short' | 'wide', now: number): TableBlock {
  const columns = detail === 'wide' ? [...COLUMNS, ...WIDE] : COLUMNS;
  return {
    kind: 'table',
    caption: 'Alerts',
    columns: columns.map(({ title, align }) => ({ title, ...(align && { align }) })),
    rows: alerts.map((alert) => columns.map(({ cell }): Cell => [[cell(alert, now)]])),
  };
}
