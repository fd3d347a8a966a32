import type { TouchedObject } from './hit.ts';

/**
 * An object in words: `cronjobs.batch shop/nightly`, `nodes worker-1`, with its subresource `pods/exec shop/web`. Only the
 * resource, and the namespace, where a request names no object. Raw: not safe to print yet.
 */
export function objectText(
  { apiGroup, resource, subresource, namespace, name }: TouchedObject,
  detail?: 'with subresource',
): string {
  const type = apiGroup === '' ? resource : `${resource}.${apiGroup}`;
  const scoped = detail === undefined || subresource === '' ? type : `${type}/${subresource}`;
  if (name === '') return namespace === '' ? scoped : `${scoped} in ${namespace}`;
  return namespace === '' ? `${scoped} ${name}` : `${scoped} ${namespace}/${name}`;
}
