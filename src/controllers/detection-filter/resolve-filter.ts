import { createHash } from 'node:crypto';
import type { DetectionFilter } from '../../api/detection-filter.generated.ts';
import type { RunnableFilter } from '../../engine/index.ts';
import {
  type CompiledFilter,
  type CompileFilterResult,
  type CompileOptions,
  compileFilter,
  type Diagnostic,
  type FilterEffect,
} from '../../sigma/index.ts';

/** What to compile filters with, at the moment. */
export type FilterSettings = Pick<CompileOptions, 'placeholders'>;

/** A version of a filter that was accepted. */
export interface AcceptedFilter {
  readonly generation: number;
  /** SHA-256 of the Sigma text, in hexadecimal. */
  readonly hash: string;
  readonly sigma: string;
  readonly filter: CompiledFilter;
  /** Values of the placeholders that it asks for. */
  readonly placeholders: ReadonlyMap<string, readonly string[]>;
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
  readonly active: RunnableFilter | undefined;
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
  const compiled = compile(generation, spec.sigma, settings, filterEffect);
  const accepted = compiled.ok ? compiled.version : lastAccepted(object, previous?.accepted, settings);
  return {
    name,
    generation,
    errors: compiled.ok ? [] : compiled.errors,
    accepted,
    active: accepted === undefined ? undefined : runnable(accepted, name, expiryOf(object)),
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
  const compiled = compile(recorded.generation, recorded.sigma, settings);
  return compiled.ok ? compiled.version : inMemory;
}

type Compiled =
  | { readonly ok: true; readonly version: AcceptedFilter }
  | Extract<CompileFilterResult, { readonly ok: false }>;

function compile(generation: number, sigma: string, settings: FilterSettings, filterEffect?: FilterEffect): Compiled {
  const placeholders = new Map<string, readonly string[]>();
  const result = compileFilter(sigma, {
    filterEffect,
    placeholders: (name) => {
      const values = settings.placeholders?.(name);
      if (values !== undefined) placeholders.set(name, values);
      return values;
    },
  });
  if (!result.ok) return result;
  const { filter, findings } = result;
  const hash = createHash('sha256').update(sigma).digest('hex');
  return { ok: true, version: { generation, hash, sigma, filter, placeholders, findings } };
}

function runnable(
  { sigma, placeholders }: AcceptedFilter,
  name: string,
  expiresAt: number | undefined,
): RunnableFilter {
  return { name, sigma, placeholders, expiresAt };
}
