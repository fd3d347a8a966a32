import type { KubeObject, ResourceType } from '../../kube/index.ts';

/** `core/v1.ConfigMap`, as far as it is used here. */
export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

export const CONFIG_MAPS: ResourceType = Object.freeze({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
});

/** The values of a placeholder (Sigma specification 2.1, modifier `expand`); undefined for one that nobody defined. */
export type Placeholders = (name: string) => readonly string[] | undefined;

/**
 * Placeholders from a ConfigMap: a key is a placeholder's name, its value has one value a line. Empty lines and lines that
 * begin with `#` do not count.
 */
export function placeholdersOf(configMap: ConfigMap | undefined): Placeholders {
  const data = new Map(Object.entries(configMap?.data ?? {}));
  return (name) =>
    data
      .get(name)
      ?.split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Whether a rule may refer to placeholders: then it has to be compiled again when they change. */
export function mayExpand(sigma: string): boolean {
  return /\|\s*expand\b/.test(sigma);
}
