import type { Alert } from '../api/alert.generated.ts';
import type { ActiveRule } from './active-rule.ts';
import { displayText } from './display-text.ts';
import type { GroupKey, GroupTarget } from './group-key.ts';

/** The immutable part of an Alert: the rule and the group, nothing that can vary within the group. */
export type Finding = Alert['finding'];

/** Bounds of the strings in an Alert, in UTF-16 units: not above what `crds/alerts.yaml` admits. */
const NAME = 253;
const TEXT = 1024;
const DISPLAY = 200;

export function finding(rule: ActiveRule, key: GroupKey): Finding {
  const { document } = rule.compiled;
  return {
    rule: {
      name: rule.name,
      title: displayText(document.title, 256),
      ...(document.id !== undefined && { id: displayText(document.id, 64) }),
      ...(document.level !== undefined && { level: document.level }),
      ...(document.author !== undefined && { author: displayText(document.author, TEXT) }),
      ...(document.references !== undefined && {
        references: document.references.slice(0, 32).map((reference) => displayText(reference, TEXT)),
      }),
      ...(document.tags !== undefined && { tags: document.tags.slice(0, 64).map((tag) => displayText(tag, 128)) }),
    },
    severity: rule.severity,
    ...(key.cluster !== '' && { cluster: displayText(key.cluster, NAME) }),
    actor: displayText(key.actor, TEXT),
    ...(key.impersonated !== undefined && { impersonated: displayText(key.impersonated, TEXT) }),
    operation: key.operation,
    outcome: key.outcome,
    target: printableTarget(key.target),
    display: { target: targetText(key.target), actor: actorText(key) },
  };
}

function printableTarget({ apiGroup, resource, namespace, name, path }: GroupTarget): Finding['target'] {
  return {
    ...(apiGroup !== '' && { apiGroup: displayText(apiGroup, NAME) }),
    ...(resource !== '' && { resource: displayText(resource, NAME) }),
    ...(namespace !== '' && { namespace: displayText(namespace, NAME) }),
    ...(name !== '' && { name: displayText(name, TEXT) }),
    ...(path !== '' && { path: displayText(path, TEXT) }),
  };
}

/** E.g. `cronjobs.batch default/nightly`, `jobs.batch default/*` for any object in a namespace, or a request path. */
export function targetText({ apiGroup, resource, namespace, name, path }: GroupTarget): string {
  if (resource === '') return displayText(path === '' ? 'non-resource paths' : path, DISPLAY);
  const kind = apiGroup === '' ? resource : `${resource}.${apiGroup}`;
  const object = namespace === '' ? name : `${namespace}/${name === '' ? '*' : name}`;
  return displayText(object === '' ? kind : `${kind} ${object}`, DISPLAY);
}

function actorText(key: GroupKey): string {
  const actor = displayText(key.actor, DISPLAY);
  return key.impersonated === undefined ? actor : `${actor} as ${displayText(key.impersonated, DISPLAY)}`;
}
