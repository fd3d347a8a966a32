import type { ActiveFilter } from '../alerts/index.ts';
import { compileFilter, formatDiagnostic } from '../sigma/index.ts';

/** A filter that is to run: a text that was accepted, with everything that it compiles from. Plain data. */
export interface RunnableFilter {
  /** Of the DetectionFilter. */
  readonly name: string;
  readonly sigma: string;
  /** By name: the values of the placeholders that it asks for, as they were when it was accepted. */
  readonly placeholders: ReadonlyMap<string, readonly string[]>;
  /** Milliseconds since the epoch; undefined for a filter that does not expire. */
  readonly expiresAt: number | undefined;
}

/** Throws where a text is refused, which means that it was not accepted by this release. */
export function activateFilter({ name, sigma, placeholders, expiresAt }: RunnableFilter): ActiveFilter {
  const result = compileFilter(sigma, { placeholders: (placeholder) => placeholders.get(placeholder) });
  if (!result.ok)
    throw new Error(`the filter ${name} does not compile: ${result.errors.map(formatDiagnostic).join('\n')}`);
  return { name, filter: result.filter, expiresAt };
}
