import { apiVersionOf, type ObjectReference, type ResourceType } from '../kube/index.ts';

/** What an Event says of an object of ours. */
export function referenceTo(
  type: ResourceType,
  { metadata: { name, uid } }: { readonly metadata: { readonly name: string; readonly uid?: string } },
): ObjectReference {
  return { apiVersion: apiVersionOf(type), kind: type.kind, name, ...(uid !== undefined && { uid }) };
}
