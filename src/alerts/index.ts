/** The public face of `src/alerts`: from matches to groups to what an Alert says. */
export { type ActiveFilter, isInEffect } from './active-filter.ts';
export { type ActiveRule, activeRule, type CompiledRoot, documentOf, type RuleChoices } from './active-rule.ts';
export type { AlertChoices } from './alert-choices.ts';
export { alertName } from './alert-name.ts';
export { type AlertStatus, type Counted, type Counting, counted, hasNews, positionIn } from './alert-status.ts';
export { type Budget, type Shortage, shortage } from './budget.ts';
export { CorrelationHistory, reachOf } from './correlation-history.ts';
export type { LossesByCorrelation } from './correlation-losses.ts';
export type { CorrelationSnapshots } from './correlations.ts';
export { type Detection, Detector } from './detector.ts';
export { displayText } from './display-text.ts';
export { disposition } from './disposition.ts';
export { parseDuration } from './duration.ts';
export { eventNote, moreNote, overflowNote } from './event-note.ts';
export {
  addSuppressions,
  type FilterSummary,
  filterSummary,
  type TotalsByFilter,
  withDetailsOf,
} from './filter-totals.ts';
export { type FilterableRule, FiltersInForce, filterableRules } from './filters-in-force.ts';
export { type Finding, finding } from './finding.ts';
export { type GroupDimension, groupingOf } from './group-by.ts';
export { type GroupKey, groupKey, OVERFLOW_KEY } from './group-key.ts';
export { type Hit, hit, type TouchedObject } from './hit.ts';
export { LogScreen, type PassedOverLines } from './log-screen.ts';
export { lastManaged } from './managed-fields.ts';
export { overflowAlert } from './overflow.ts';
export { type DeletedAlert, deletedAlert, isOwnRequest, type OwnIdentity } from './own-requests.ts';
export type { AlertingRule, PendingAlert } from './pending-alert.ts';
export { type Aging, expiryOf, type Retention } from './retention.ts';
export { addTotals, type RuleTotals, sumTotals, type TotalsByRule } from './rule-totals.ts';
export { type Feed, RulesInForce, type WatchedRule } from './rules-in-force.ts';
export { isSameGroup } from './same-group.ts';
export { SEVERITIES, type Severity, severityOf } from './severity.ts';
export type { Suppressions } from './suppressions.ts';
export { type AlertState, isTriageNews, triagedStatus } from './triage.ts';
