import { displayText } from './display-text.ts';
import type { GroupTarget } from './group-key.ts';

/**
 * A target in words that fit a column: `cronjobs.batch shop/nightly`; `jobs.batch shop/*` for any object in a namespace;
 * `jobs.batch of CronJob shop/nightly`; a request path.
 */
export function targetText(target: GroupTarget, limit = 200): string {
  return displayText(text(target), limit);
}

function text({ kind, apiGroup, resource, namespace, name, cronJob, path }: GroupTarget): string {
  switch (kind) {
    case 'overflow':
      return '(overflow)';
    case 'any':
      return namespace === '' ? 'anything' : `anything in ${namespace}`;
    case 'path':
      return path === '' ? 'request paths' : path;
    case 'object': {
      const type = apiGroup === '' ? resource : `${resource}.${apiGroup}`;
      if (cronJob !== '') return `${type} of CronJob ${namespace}/${cronJob}`;
      const object = namespace === '' ? name : `${namespace}/${name === '' ? '*' : name}`;
      return object === '' ? type : `${type} ${object}`;
    }
    default:
      return kind satisfies never;
  }
}
