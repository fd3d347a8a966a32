import type { GroupKey } from './group-key.ts';

/**
 * What to look at next, as commands to copy. Names are the caller's: a command that would have to hold anything but plain
 * words is left out, so that nothing that was put into a name can act in a shell, or as an option.
 */
export function whatNext(key: GroupKey): readonly string[] {
  const { namespace } = key.target;
  const scope = namespace === '' ? '' : ` --namespace ${namespace}`;
  if (!isPlain(namespace, 'or empty')) return [];
  return [...lookAtTarget(key, scope), ...lookAtActor(key, scope)];
}

function lookAtTarget({ operation, outcome, target }: GroupKey, scope: string): readonly string[] {
  const { kind, apiGroup, resource, name, cronJob } = target;
  if (kind !== 'object' || outcome === 'Denied') return [];
  if (cronJob !== '') return isPlain(cronJob) ? [`kubectl get cronjobs.batch ${cronJob}${scope} --output yaml`] : [];
  const type = apiGroup === '' ? resource : `${resource}.${apiGroup}`;
  if (!isPlain(type)) return [];
  const mayBeThere = operation !== 'delete' && isPlain(name);
  return [mayBeThere ? `kubectl get ${type} ${name}${scope} --output yaml` : `kubectl get ${type}${scope}`];
}

function lookAtActor({ actor }: GroupKey, scope: string): readonly string[] {
  if (actor === undefined || !isPlain(actor)) return [];
  return [`kubectl auth can-i --list --as=${actor}${scope}`, `kubectl detections list --actor=${actor}`];
}

/** Means the same to every shell, is no option, and is not long. */
function isPlain(text: string, empty?: 'or empty'): boolean {
  if (text === '') return empty !== undefined;
  return text.length <= 253 && /^\w[\w.:@/-]*$/.test(text);
}
