export const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'] as const;

/** How bad a finding is, in Sigma's levels (Sigma specification 2.1, attribute `level`). */
export type Severity = (typeof SEVERITIES)[number];

/** The severity that the DetectionRule states, else the Sigma rule's level, else medium. */
export function severityOf(override: Severity | undefined, level: string | undefined): Severity {
  return override ?? SEVERITIES.find((severity) => severity === level) ?? 'medium';
}
