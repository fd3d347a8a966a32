import { RULE_LEVELS, RULE_STATUSES } from '../document/rule-document.ts';
import { findEntry } from '../yaml/tree.ts';
import type { Lint } from './finding.ts';
import { replaceScalar } from './yaml-edits.ts';

const RELATED_TYPES = ['derived', 'obsolete', 'merged', 'renamed', 'similar', 'correlation'];

/** Specification, "Level" and "Status": engines compare them with the words in lower case. */
export const notLowerCase: Lint = {
  code: 'NotLowerCase',
  severity: 'warning',
  meaning:
    'A level or status is not written in lower case, as the specification has it; other tools do not know it then.',
  remedy: 'Write it in lower case.',
  example: 'level: High',
  find(subject) {
    return (
      [
        ['level', RULE_LEVELS],
        ['status', RULE_STATUSES],
      ] as const
    ).flatMap(([name, words]) => {
      const node = subject.attribute(name);
      const lower = node?.kind === 'scalar' ? node.text.toLowerCase() : '';
      if (node?.kind !== 'scalar' || node.text === lower || !words.some((word) => word === lower)) return [];
      const message = `${name} is written ${JSON.stringify(node.text)}.`;
      const fix = [replaceScalar(node, lower, subject.source)];
      return [{ message, place: subject.placeOf(node), path: name, fix }];
    });
  },
};

/** Specification, "Related rules". */
export const unknownRelation: Lint = {
  code: 'UnknownRelation',
  severity: 'warning',
  meaning: 'The type of a relation to another rule is none of the specification.',
  remedy: `Use ${RELATED_TYPES.slice(0, 5).join(', ')}.`,
  example: 'related:\n  - id: cd3a808c-c7b7-4c50-a2f3-f4cfcd436435\n    type: obsoletes',
  find(subject) {
    const node = subject.attribute('related');
    return (node?.kind === 'sequence' ? node.items : []).flatMap((item) => {
      const type = item.kind === 'mapping' ? findEntry(item, 'type')?.value : undefined;
      if (type?.kind !== 'scalar' || RELATED_TYPES.includes(type.text)) return [];
      // The name that it had in Sigma v1.
      const fix = type.text === 'obsoletes' ? [replaceScalar(type, 'obsolete', subject.source)] : undefined;
      const message = `The relation ${JSON.stringify(type.text)} is unknown.`;
      return [{ message, place: subject.placeOf(type), path: 'related', fix }];
    });
  },
};

/** Rules for Kubernetes that no audit event is given to. */
export const otherKubernetesLogsource: Lint = {
  code: 'OtherKubernetesLogsource',
  severity: 'warning',
  meaning:
    'The rule is for product kubernetes, but not for its audit log: the operator runs it on no event. Audit rules have product kubernetes, service audit, and category application or none.',
  remedy: 'Write "product: kubernetes" and "service: audit" if the rule is about audit events.',
  example: 'logsource:\n  product: kubernetes\n  service: kube-audit',
  find(subject) {
    const { product } = subject.document.logsource;
    const node = subject.attribute('logsource');
    if (subject.concernsKubernetesAudit || product?.trim().toLowerCase() !== 'kubernetes' || node === undefined)
      return [];
    const message = 'No audit event is given to a rule with this logsource.';
    return [{ message, place: subject.placeOf(node), path: 'logsource' }];
  },
};
