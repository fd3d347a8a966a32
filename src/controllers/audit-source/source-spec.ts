import type { AuditSource } from '../../api/audit-source.generated.ts';
import type { SourceSpec } from '../../engine/index.ts';
import { startAt } from './start-at.ts';

/** Where an AuditSource's events come from on this node. */
export function sourceSpec({ spec }: AuditSource): SourceSpec {
  return { kind: 'file', path: spec.file.path, startAt: startAt(spec.startAt) };
}
