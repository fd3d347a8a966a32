import type { Alert } from '../api/alert.generated.ts';
import { displayText } from './display-text.ts';
import type { GroupKey, GroupTarget } from './group-key.ts';
import type { AlertingRule } from './pending-alert.ts';
import { summary } from './summary.ts';
import { targetText } from './target-text.ts';
import { whatNext } from './what-next.ts';

/** The immutable part of an Alert: the rule and the group, nothing that can vary within the group. */
export type Finding = Alert['finding'];

/** Bounds of texts in bytes, and of lists: not above what `crds/alerts.yaml` admits. */
const NAME = 253;
const ACTOR = 512;
const LONG = 2048;
const REFERENCES = 8;
const FALSE_POSITIVES = 8;
const TAGS = 16;
const CORRELATED = 16;

export function finding(rule: AlertingRule, key: GroupKey): Finding {
  const steps = whatNext(key);
  return {
    summary: summary(key),
    rule: about(rule),
    severity: rule.severity,
    ...(key.cluster !== '' && { cluster: displayText(key.cluster, NAME) }),
    actor: key.actor === undefined ? '(any)' : displayText(key.actor, ACTOR),
    ...(key.impersonated !== undefined && { impersonated: displayText(key.impersonated, ACTOR) }),
    operation: key.operation ?? 'any',
    outcome: key.outcome ?? 'Any',
    target: targetText(key.target),
    targetRef: targetRef(key.target),
    ...(key.target.kind === 'overflow' && { overflow: true }),
    ...(key.correlated !== undefined && { correlated: correlated(key.correlated) }),
    ...(steps.length > 0 && { whatNext: [...steps] }),
  };
}

function correlated(values: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(values).slice(0, CORRELATED);
  return Object.fromEntries(entries.map(([field, value]) => [displayText(field, NAME), displayText(value, ACTOR)]));
}

/** Who wrote the rule stays with what it found: the licence of the public rules asks for it. */
function about({ name, attack, document }: AlertingRule): Finding['rule'] {
  const { title, id, level, author, description, references, falsepositives } = document;
  const tags = document.tags.filter((tag) => !tag.toLowerCase().startsWith('attack.'));
  return {
    name,
    title: displayText(title, 256),
    ...(id !== undefined && { id: displayText(id, 64) }),
    ...(level !== undefined && { level }),
    ...(author !== undefined && { author: displayText(author, 1024) }),
    ...(description !== undefined && { description: displayText(paragraph(description), LONG) }),
    ...list('attack', attack, TAGS, 128),
    ...list('falsePositives', falsepositives.map(paragraph), FALSE_POSITIVES, 512),
    ...list('references', references, REFERENCES, 512),
    ...list('tags', tags, TAGS, 128),
  };
}

function list<K extends string>(
  name: K,
  texts: readonly string[],
  most: number,
  bytes: number,
): Partial<Record<K, string[]>> {
  if (texts.length === 0) return {};
  const values: Partial<Record<K, string[]>> = {};
  values[name] = texts.slice(0, most).map((text) => displayText(text, bytes));
  return values;
}

/** On one line, as the author's line breaks are for a file. */
function paragraph(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function targetRef({ apiGroup, resource, namespace, name, cronJob, path }: GroupTarget): Finding['targetRef'] {
  return {
    ...(apiGroup !== '' && { apiGroup: displayText(apiGroup, NAME) }),
    ...(resource !== '' && { resource: displayText(resource, NAME) }),
    ...(namespace !== '' && { namespace: displayText(namespace, NAME) }),
    ...(name !== '' && { name: displayText(name, ACTOR) }),
    ...(cronJob !== '' && { cronJob: displayText(cronJob, NAME) }),
    ...(path !== '' && { path: displayText(path, ACTOR) }),
  };
}
