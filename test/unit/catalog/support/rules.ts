import { readdirSync, readFileSync } from 'node:fs';
import type { PolicySubject } from '../../../../src/catalog/index.ts';
import type { CompiledRule } from '../../../../src/sigma/index.ts';
import { compiled } from '../../sigma/support/compiled.ts';
import { type CorpusRule, readCorpus } from '../../sigma/support/corpus.ts';

const FOLDER = new URL('../../../data/sigma/kubernetes-rules/', import.meta.url);
const PREFIX = 'kubernetes_audit_';

/** The sixteen public rules for kubernetes/audit, by file name. */
export function kubernetesRules(): readonly CorpusRule[] {
  return readdirSync(FOLDER).map((path) => ({ path, text: readFileSync(new URL(path, FOLDER), 'utf8') }));
}

/** The same as what policies are made for; the key is the part of the file name that tells them apart. */
export function kubernetesSubjects(): readonly PolicySubject[] {
  return kubernetesRules().map(({ path, text }) => {
    const rule = compiled(text);
    return { key: path.slice(PREFIX.length, -'.yml'.length), title: rule.document.title, rule };
  });
}

/** The active public rules, of every product. */
export function activeRules(): readonly CorpusRule[] {
  return readCorpus().filter(({ path }) => path.startsWith('rules'));
}

/** A rule for Kubernetes audit events with the given selections and condition. */
export function auditRule(detection: string): CompiledRule {
  return compiled(auditRuleText(detection));
}

export function auditRuleText(detection: string, head = ''): string {
  const indented = detection.replace(/^(?=.)/gm, '  ');
  return `title: Test\n${head}logsource: { product: kubernetes, service: audit }\ndetection:\n${indented}\n`;
}
