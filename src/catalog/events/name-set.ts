/** A set of names: exactly `names`, or, where `any` is set, all names but those. */
export interface NameSet {
  readonly any: boolean;
  /** Sorted. The empty name stands for its absence: the core group, no subresource, no namespace. */
  readonly names: readonly string[];
  /** Beside `names`: what fits these patterns, of which no name is known. Empty where `any` is set. */
  readonly patterns: readonly string[];
}

export const ANY_NAME: NameSet = Object.freeze({ any: true, names: Object.freeze([]), patterns: Object.freeze([]) });

/** Whether the set is every name there is. */
export function isEveryName({ any, names }: NameSet): boolean {
  return any && names.length === 0;
}

export function hasName({ any, names }: NameSet, name: string): boolean {
  return names.includes(name) !== any;
}

/** For people: `any`, `any but x, y`, or the names; `none` stands for the empty name. */
export function formatNameSet({ any, names, patterns }: NameSet, none: string): string {
  const shown = [...names.map((name) => (name === '' ? none : name)), ...patterns];
  if (!any) return shown.join(', ');
  return shown.length === 0 ? 'any' : `any but ${shown.join(', ')}`;
}
