import { visibleText } from '../pages/visible-text.ts';
import type { Candidate } from './candidates.ts';
import { sigmaScalar } from './sigma-scalar.ts';

/** The manifest of a rule that has none yet: where it is from and whose it is, and its text. */
export function newManifest({ path, sigma, document }: Candidate, name: string, license: string | undefined): string {
  const scalar = sigmaScalar(sigma, 4);
  const licence = document.license ?? license;
  const comments = [
    `Source: ${path}`,
    ...(document.author === undefined ? [] : [`Author: ${document.author}`]),
    ...(licence === undefined ? [] : [`Licence: ${licence}`]),
  ];
  return `${comments.map((line) => `# ${oneLine(line)}\n`).join('')}apiVersion: detection.sigma-operator.dev/v1alpha1
kind: DetectionRule
metadata:
  name: ${name}
spec:
  sigma: ${scalar.header}
${scalar.lines}`;
}

function oneLine(text: string): string {
  return visibleText(text).replaceAll(/\s+/g, ' ').trim();
}
