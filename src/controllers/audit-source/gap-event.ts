import { displayText } from '../../alerts/index.ts';
import type { AuditSource } from '../../api/audit-source.generated.ts';
import type { Gap } from '../../audit/index.ts';
import type { Occurrence } from '../../kube/index.ts';
import { AUDIT_SOURCES } from '../api-resources.ts';
import { referenceTo } from '../object-reference.ts';
import { describeGap } from './progress.ts';

/** The Event about a part of an audit log that is missing. */
export function gapEvent(source: AuditSource, partition: string, gap: Gap): Occurrence {
  return {
    regarding: referenceTo(AUDIT_SOURCES, source),
    type: 'Warning',
    reason: 'AuditLogGap',
    action: 'Read',
    note: displayText(`${partition}: part of the audit log is missing: ${describeGap(gap)}.`, 1024),
  };
}
