/** What kube-apiserver serves by itself under one path: a resource, or a subresource of one. */
export interface BuiltInResource {
  /** Empty for the core group. */
  readonly apiGroup: string;
  readonly resource: string;
  /** Empty for the resource itself. */
  readonly subresource: string;
  readonly namespaced: boolean;
  readonly versions: readonly string[];
  readonly verbs: readonly string[];
}
