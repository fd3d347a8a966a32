import type { DiagnosticCode } from '../diagnostics.ts';
import type { Limits } from '../limits.ts';
import type { ItemValue, ItemValueKind } from '../values/item-value.ts';

/**
 * A Sigma modifier. The modifiers of an item are applied from left to right; each declares what it is, what it takes, and what it makes of a value.
 */
export type Modifier = ValueModifier | ItemModifier;

interface ModifierBase {
  readonly name: string;
  /** Other names for the same. */
  readonly aliases: readonly string[];
  /** What it takes, for error messages: "takes …". */
  readonly takes: string;
  /** It must stand alone on its field. */
  readonly alone?: boolean;
  /** It must be the first, because it reads the value as written. */
  readonly first?: boolean;
}

/** Changes each value by itself. */
export interface ValueModifier extends ModifierBase {
  readonly kind: 'value';
  readonly accepts: readonly ItemValueKind[];
  /** One value, several variants of it (any of them matches), or a refusal. */
  apply(value: ItemValue, context: ModifierContext): ItemValue | readonly ItemValue[] | Refusal;
}

/** Changes how the values of an item are joined. */
export interface ItemModifier extends ModifierBase {
  readonly kind: 'item';
  /** `all`: every value must match instead of any; `not`: the item must not match. */
  readonly effect: 'all' | 'not';
}

export interface ModifierContext {
  readonly limits: Limits;
  readonly budget: { spendRegex(instructions: number): boolean };
  /** The values of a placeholder, or undefined for one that is unknown. */
  readonly placeholders: PlaceholderResolver | undefined;
}

/** Gives the values of `%name%` for the `expand` modifier; undefined for an unknown name. */
export type PlaceholderResolver = (name: string) => readonly string[] | undefined;

export interface Refusal {
  readonly kind: 'Refusal';
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly remedy?: string;
}

export function refuse(code: DiagnosticCode, message: string, remedy?: string): Refusal {
  return { kind: 'Refusal', code, message, ...(remedy === undefined ? {} : { remedy }) };
}

/** For a kind of value that the declaration of the modifier does not accept. */
export function refuseKind(modifier: string, takes: string, found: string): Refusal {
  return refuse('ModifierNotApplicable', `The modifier ${modifier} takes ${takes}, not ${found}.`);
}
