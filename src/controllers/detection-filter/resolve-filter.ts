import { createHash } from 'node:crypto';
import type { ActiveFilter } from '../../alerts/index.ts';
import type { DetectionFilter } from '../../api/detection-filter.generated.ts';
import { type CompiledFilter, type CompileOptions, compileFilter, type Diagnostic } from '../../sigma/index.ts';

/** What to compile filters with, at the moment. */
export type FilterSettings = Pick<CompileOptions, 'placeholders'>;

/** A version of a filter that was accepted. */
export interface AcceptedFilter {
  readonly generation: number;
  /** SHA-256 of the Sigma text, in hexadecimal. */
  readonly hash: string;
  readonly sigma: string;
  readonly filter: CompiledFilter;
  readonly findings: readonly Diagnostic[];
}

/** What a replica makes of a DetectionFilter. */
export interface ResolvedFilter {
  readonly name: string;
  /** The generation that was looked at. */
  readonly generation: number;
  /** Why the newest version was refused; empty where it was accepted. */
  readonly errors: readonly Diagnostic[];
  /** The newest accepted version; none if none ever was. */
  readonly accepted: AcceptedFilter | undefined;
  /** What runs: the accepted version until the newest expiresAt. */
  readonly active: ActiveFilter | undefined;
}

/**
 * Compiles the newest text of a filter and decides what runs. As with rules, what is refused changes nothing: the last
 * accepted version goes on, from memory, or after a restart from the filter's status (semantics 9). But expiresAt is always
 * the newest: a filter can be ended whatever its text is.
 */
export function resolveFilter(
  object: DetectionFilter,
  previous: ResolvedFilter | undefined,
  settings: FilterSettings,
): ResolvedFilter {
  const { metadata, spec } = object;
  const { name, generation = 0 } = metadata;
  const filterEffect = spec.effect === 'KeepOnly' ? 'KeepOnly' : 'Removes';
  const result = compileFilter(spec.sigma, { ...settings, filterEffect });
  const accepted = result.ok
    ? version(generation, spec.sigma, result)
    : lastAccepted(object, previous?.accepted, settings);
  return {
    name,
    generation,
    errors: result.ok ? [] : result.errors,
    accepted,
    active: accepted === undefined ? undefined : { name, filter: accepted.filter, expiresAt: expiryOf(object) },
  };
}

/** Milliseconds since the epoch; undefined for a filter that does not expire. */
export function expiryOf({ spec }: DetectionFilter): number | undefined {
  return spec.expiresAt === undefined ? undefined : Date.parse(spec.expiresAt);
}

/** What was accepted once goes on whatever effect the newest version declares. */
function lastAccepted(
  { status }: DetectionFilter,
  inMemory: AcceptedFilter | undefined,
  settings: FilterSettings,
): AcceptedFilter | undefined {
  const recorded = status?.accepted;
  if (recorded === undefined || (inMemory !== undefined && inMemory.generation >= recorded.generation)) return inMemory;
  const result = compileFilter(recorded.sigma, settings);
  return result.ok ? version(recorded.generation, recorded.sigma, result) : inMemory;
}

function version(
  generation: number,
  sigma: string,
  { filter, findings }: { readonly filter: CompiledFilter; readonly findings: readonly Diagnostic[] },
): AcceptedFilter {
  return { generation, hash: createHash('sha256').update(sigma).digest('hex'), sigma, filter, findings };
}
