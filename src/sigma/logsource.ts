import type { Logsource } from './document/rule-document.ts';

/**
 * Whether a rule applies to Kubernetes audit events: product kubernetes, service audit or none, category application or none. Both spellings of the
 * public rules (with and without `category: application`) are the same stream.
 */
export function appliesToKubernetesAudit(logsource: Logsource): boolean {
  return (
    normalizeLogsourceName(logsource.product) === 'kubernetes' &&
    [undefined, 'audit'].includes(normalizeLogsourceName(logsource.service)) &&
    [undefined, 'application'].includes(normalizeLogsourceName(logsource.category))
  );
}

/** The form in which names of logsources are compared. */
export function normalizeLogsourceName(text: string | undefined): string | undefined {
  return text?.trim().toLowerCase().replaceAll(' ', '_');
}
