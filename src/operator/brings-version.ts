import type { Change } from '../kube/index.ts';

interface Versioned {
  readonly metadata: { readonly name: string; readonly generation?: number };
  readonly status?: { readonly accepted?: unknown };
}

/**
 * Whether a change is of interest to whoever compiles: another spec; or a status that brings the last accepted version, of
 * an object of which this replica knows none.
 *
 * @param known what this replica makes of the object
 */
export function bringsVersion<T extends Versioned>(
  change: Change<T>,
  known: { readonly accepted: unknown } | undefined,
): boolean {
  if (change.type !== 'update' || change.object.metadata.generation !== change.old.metadata.generation) return true;
  return known?.accepted === undefined && change.object.status?.accepted !== undefined;
}
