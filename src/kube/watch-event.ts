import type { KubeObject, ObjectMeta } from './object.ts';
import type { Status } from './status-error.ts';

/** One line of a watch. */
export type WatchEvent<T extends KubeObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | {
      readonly type: 'BOOKMARK';
      readonly object: { readonly metadata: Pick<ObjectMeta, 'resourceVersion' | 'annotations'> };
    }
  | { readonly type: 'ERROR'; readonly object: Status };
