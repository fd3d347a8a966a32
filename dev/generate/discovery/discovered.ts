/** `dev/generate/data/built-in-resources.json`. */
export interface BuiltInResources {
  /** The version of kube-apiserver. */
  readonly kubernetes: string;
  /** One entry for each group, resource and subresource. */
  readonly resources: readonly DiscoveredResource[];
}

export interface DiscoveredResource {
  /** Empty for the core group. */
  readonly apiGroup: string;
  readonly resource: string;
  /** Empty for the resource itself. */
  readonly subresource: string;
  readonly namespaced: boolean;
  readonly versions: readonly string[];
  readonly verbs: readonly string[];
}

/** A group and version with its `APIResourceList`. */
export interface ResourceList {
  readonly groupVersion: string;
  readonly resources: readonly {
    readonly name: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
  }[];
}

/** Joins the versions of each group: a verb counts where any version has it. Sorted by group, resource and subresource. */
export function joinVersions(lists: readonly ResourceList[]): readonly DiscoveredResource[] {
  const joined = new Map<string, DiscoveredResource>();
  for (const { groupVersion, resources } of lists) {
    const [version = '', apiGroup = ''] = groupVersion.split('/').toReversed();
    for (const { name, namespaced, verbs } of resources) {
      const [resource = '', subresource = ''] = name.split('/');
      const key = `${apiGroup}/${name}`;
      const known = joined.get(key);
      joined.set(key, {
        apiGroup,
        resource,
        subresource,
        namespaced,
        versions: [...new Set([...(known?.versions ?? []), version])].toSorted(),
        verbs: [...new Set([...(known?.verbs ?? []), ...verbs])].toSorted(),
      });
    }
  }
  return [...joined.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, resource]) => resource);
}
