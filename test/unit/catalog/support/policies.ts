import assert from 'node:assert/strict';
import { type AuditPolicy, parseAuditPolicy } from '../../../../src/catalog/index.ts';
import { formatDiagnostic } from '../../../../src/sigma/index.ts';

/** The policy of a text; fails the test with its diagnostics where there is none. */
export function policyOf(text: string): AuditPolicy {
  const result = parseAuditPolicy(text);
  assert(result.ok, result.ok ? '' : result.errors.map(formatDiagnostic).join('\n'));
  return result.policy;
}
