/** An entry of `metadata.managedFields`: who wrote what, and when. Times are the API server's. */
interface ManagedFields {
  readonly time?: string;
  readonly subresource?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
}

/** When one of the selected entries was last written: RFC 3339, in whole seconds. */
export function lastManaged(
  entries: readonly unknown[] = [],
  select: (entry: ManagedFields) => boolean,
): string | undefined {
  return entries
    .filter(isManagedFields)
    .filter(select)
    .flatMap(({ time }) => time ?? [])
    .sort()
    .at(-1);
}

function isManagedFields(entry: unknown): entry is ManagedFields {
  return typeof entry === 'object' && entry !== null;
}
