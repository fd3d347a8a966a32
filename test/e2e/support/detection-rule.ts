import { dump } from 'js-yaml';

/** The text of a Sigma rule with one selection. */
export function sigmaText(title: string, selection: object): string {
  return dump({
    title,
    logsource: { product: 'kubernetes', service: 'audit' },
    detection: { selection, condition: 'selection' },
    level: 'low',
  });
}

/** A DetectionRule, with the selection or with a text as it is. */
export function detectionRule(name: string, sigma: object | string, choices: object = {}): object {
  return {
    apiVersion: 'detection.sigma-operator.dev/v1alpha1',
    kind: 'DetectionRule',
    metadata: { name },
    spec: { sigma: typeof sigma === 'string' ? sigma : sigmaText(`Rule ${name}`, sigma), ...choices },
  };
}
