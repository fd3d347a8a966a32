import { Detector, type PendingAlert, type RuleChoices, RulesInForce } from '../../../src/alerts/index.ts';
import { type AuditEvent, StageGate } from '../../../src/audit/index.ts';
import { auditRecord } from '../alerts/audit-records.ts';
import { ruleNamed } from './alert-objects.ts';

const OWN = {
  username: 'system:serviceaccount:sigma-operator:sigma-operator',
  namespace: 'sigma-operator',
  placeholders: 'sigma-placeholders',
  lookUps: new Set<string>(),
  hasExpired: () => false,
};

/** What the detector makes of requests at these offsets, which are all of one group: alice patches a CronJob, but for `changes`. */
export function pendingAlert(
  offsets: readonly number[],
  changes: Partial<AuditEvent> = {},
  choices: RuleChoices = {},
): PendingAlert {
  const detector = new Detector({ cluster: '', own: OWN, stages: new StageGate() });
  const records = offsets.map((offset) => auditRecord(offset, { auditID: `id-${offset}`, ...changes }));
  const end = { position: { generation: 1, offset: offsets.at(-1) ?? 0 }, time: undefined };
  const [pending] = detector.detect(records, RulesInForce.of([ruleNamed('test', choices)]), end).alerts.values();
  if (pending === undefined) throw new Error('the rule does not match');
  return pending;
}
