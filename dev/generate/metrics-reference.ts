import { OperatorMetrics } from '../../src/operator/metrics.ts';
import type { GeneratedFile } from './generated-file.ts';

/** `docs/reference/metrics.md`: every metric that the operator exports, from its own help texts. */
export async function metricsReference(): Promise<GeneratedFile> {
  const metrics = new OperatorMetrics();
  metrics.observe({
    rules: () => ({ loaded: 0, rejected: 0 }),
    filters: () => [],
    sources: () => [],
    rejected: () => ({}),
    leases: () => [],
    queues: () => [],
    pendingEvents: () => 0,
    alerts: () => ({ total: 0, limit: 0 }),
  });
  const rows = metrics
    .describe()
    .filter(({ name }) => !/^(nodejs|process)_/.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, labels, help }) => `| \`${name}\` | ${type} | ${labels.join(', ')} | ${help} |`);
  const text = `# Metrics

Generated from the code by \`npm run generate\`. Served at \`/metrics\` (see \`--listen\`), beside the usual \`process_*\` and
\`nodejs_*\` ones.

| metric | type | labels | meaning |
|---|---|---|---|
${rows.join('\n')}

## What to alert on

| when | it means |
|---|---|
| \`sigma_operator_rules_rejected > 0\` | the newest version of a rule was refused; \`kubectl get detectionrules\` says which |
| \`sigma_operator_filters_rejected > 0\` | the newest version of a filter was refused; \`kubectl get detectionfilters\` says which |
| \`sigma_operator_filter_expiry_timestamp_seconds - time() < 7 * 86400\` | a filter expires soon, or has expired: what it leaves out raises Alerts again |
| \`increase(sigma_operator_source_gaps_total[1h]) > 0\` | parts of a log were removed before they were read |
| \`increase(sigma_operator_events_parse_errors_total[1h]) > 0\` | lines could not be read as audit events |
| \`sum(sigma_operator_lease_held{name=~"node-.*"}) < N\` | a node's log is read by nobody |
| \`time() - sigma_operator_source_last_event_timestamp_seconds > 600 and sigma_operator_source_lag_bytes == 0\` | a log has fallen silent, as the condition \`Receiving\` says |
| \`sigma_operator_source_lag_seconds > 300\` | a log is read more slowly than it is written, or Alerts cannot be written |
| \`rate(sigma_operator_alert_writes_total{result="retried"}[5m]) > 0\` | Alerts cannot be written |
| \`sigma_operator_alerts > 0.8 * sigma_operator_alerts_limit\` | soon there is no room for further Alerts |
| \`increase(sigma_operator_alert_overflow_matches_total[10m]) > 0\` | there was no room: the rule's overflow Alert counts on, and names who |
| \`increase(sigma_operator_alert_writes_total{result="refused"}[1h]) > 0\` | the API server refused an Alert as invalid: its matches are lost |
| \`increase(sigma_operator_engine_failures_total[1h]) > 0\` | what reads and matches ended by an error, or for lack of memory, and began again; the log and the AuditSource say why |
| \`histogram_quantile(0.99, rate(sigma_operator_event_loop_delay_seconds_bucket[5m])) > 1\` | the main thread is late: watches and Leases may be, too |
`;
  return { path: 'docs/reference/metrics.md', text };
}
