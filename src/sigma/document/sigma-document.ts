import type { YamlMapping } from '../yaml/tree.ts';

/**
 * One document of a source text. Only its kind is decided here; `root` is the whole document, with the documents that
 * `action: global` or `repeat` merged into it.
 */
export interface SigmaDocument {
  readonly kind: 'detection' | 'correlation' | 'filter';
  readonly root: YamlMapping;
}
