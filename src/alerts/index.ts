/** The public face of `src/alerts`: from matches to groups to what an Alert says. */
export { type ActiveRule, activeRule, type RuleChoices } from './active-rule.ts';
export { alertName } from './alert-name.ts';
export { type AlertStatus, type Counted, type Counting, counted } from './alert-status.ts';
export { type Detection, Detector } from './detector.ts';
export { displayText } from './display-text.ts';
export { disposition } from './disposition.ts';
export { eventNote } from './event-note.ts';
export { type Finding, finding } from './finding.ts';
export { type GroupDimension, type Grouping, groupingOf } from './group-by.ts';
export { type GroupKey, groupKey, OVERFLOW_KEY } from './group-key.ts';
export { type Hit, hit, type TouchedObject } from './hit.ts';
export { isOwnRequest, type OwnIdentity } from './own-requests.ts';
export type { PendingAlert } from './pending-alert.ts';
export { addTotals, type RuleTotals, sumTotals, type TotalsByRule } from './rule-totals.ts';
export { isSameGroup } from './same-group.ts';
export { SEVERITIES, type Severity, severityOf } from './severity.ts';
