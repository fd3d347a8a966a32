import type { ResourceType } from '../kube/index.ts';

/** The operator's own kinds; what `crds/` defines. */
export const DETECTION_RULES: ResourceType = resource('DetectionRule', 'detectionrules');
export const DETECTION_FILTERS: ResourceType = resource('DetectionFilter', 'detectionfilters');
export const AUDIT_SOURCES: ResourceType = resource('AuditSource', 'auditsources');
export const ALERTS: ResourceType = resource('Alert', 'alerts');

function resource(kind: string, plural: string): ResourceType {
  return Object.freeze({ group: 'detection.sigma-operator.dev', version: 'v1alpha1', kind, plural, namespaced: false });
}
