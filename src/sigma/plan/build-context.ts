import type { DiagnosticSink } from '../diagnostics.ts';
import type { Limits } from '../limits.ts';
import type { FieldMapping } from '../mapping/field-mapping.ts';
import type { PlaceholderResolver } from '../modifiers/modifier.ts';
import type { SharedParts } from '../shared-parts.ts';
import type { Place } from '../source-text.ts';
import type { Budget } from './budget.ts';

/** What building the plan of one document needs. */
export interface BuildContext {
  readonly sink: DiagnosticSink;
  readonly limits: Limits;
  readonly budget: Budget;
  readonly shared: SharedParts;
  readonly mapping: FieldMapping | undefined;
  readonly placeholders: PlaceholderResolver | undefined;
  /** Array selectors are active (sigma-version 3). */
  readonly arrays: boolean;
}

/** Where in the detection the builder is. */
export interface BuildScope {
  readonly selection: string;
  /** Path for diagnostics. */
  readonly path: string;
  /** Inside the body of an array selector: fields belong to the element, no mapping applies. */
  readonly inElement: boolean;
}

/** The place of a node or a key. */
export function placeOf(context: BuildContext, range: { readonly start: number; readonly end: number }): Place {
  return context.sink.source.place(range.start, range.end);
}
