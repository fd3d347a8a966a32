import type { FieldValues } from '../evaluate/field-values.ts';
import { flatten } from '../evaluate/lookup.ts';
import { scalarText } from '../evaluate/scalar-text.ts';
import type { FieldReference } from '../plan/field.ts';
import { foldCase } from '../values/fold.ts';
import type { EventView } from './event-view.ts';

/** Equal for references that read the same values, whatever the rule calls the field. */
export function fieldKey({ path, mapped }: Pick<FieldReference, 'path' | 'mapped'>): string {
  return JSON.stringify([path, mapped].flat().map(({ root, segments }) => [root, ...segments]));
}

/** A field that rules read; one object for all of them. Remembers what it read of the event at hand. */
export class MatchField {
  readonly key: string;
  readonly reference: FieldReference;
  #epoch = 0;
  #values: FieldValues | undefined;
  #flat: readonly unknown[] | undefined;
  #texts: readonly string[] | undefined;
  #folded: readonly string[] | undefined;

  constructor(key: string, reference: FieldReference) {
    this.key = key;
    this.reference = reference;
  }

  values(view: EventView): FieldValues {
    if (this.#values !== undefined && this.#epoch === view.epoch) return this.#values;
    this.#epoch = view.epoch;
    this.#flat = undefined;
    this.#texts = undefined;
    this.#folded = undefined;
    this.#values = view.values(this);
    return this.#values;
  }

  /** The values, arrays taken apart. */
  flat(view: EventView): readonly unknown[] {
    const { found } = this.values(view);
    return (this.#flat ??= flatten(found));
  }

  /** The texts of the values that are scalars. */
  texts(view: EventView): readonly string[] {
    const flat = this.flat(view);
    return (this.#texts ??= flat.map(scalarText).filter((text) => text !== undefined));
  }

  /** The texts in folded case. */
  folded(view: EventView): readonly string[] {
    const texts = this.texts(view);
    return (this.#folded ??= texts.map(foldCase));
  }
}
