import { RETIRED_TACTICS, TACTICS, TECHNIQUES } from './enterprise.generated.ts';
import type { TechniqueRow } from './table.ts';

/** A tactic of ATT&CK, current or retired. */
export interface Tactic {
  /** `TA0002`. */
  readonly id: string;
  /** `execution`, as in tags. */
  readonly shortName: string;
  readonly name: string;
  /** Set where the current release no longer has the tactic: which took its place, and since when. */
  readonly retired?: { readonly in: string; readonly successors: readonly string[] };
}

/** A technique or sub-technique of ATT&CK, current or retired. */
export interface Technique {
  /** `T1053` or `T1053.003`. */
  readonly id: string;
  readonly name: string;
  /** Short names of its tactics; those of its successor where it is revoked; empty where it is deprecated. */
  readonly tactics: readonly string[];
  /** Set where the current release no longer has the technique. `successor` is the id of the one that took its place, if one did. */
  readonly retired?: { readonly status: 'revoked' | 'deprecated'; readonly successor?: string };
}

/** The tactics of the current release, in the order of the matrix. */
export function currentTactics(): readonly Tactic[] {
  return Object.entries(TACTICS).map(([shortName, { id, name }]) => ({ id, shortName, name }));
}

/** The tactic of a short name, in any case, with `-` or `_`. */
export function tacticOf(text: string): Tactic | undefined {
  const shortName = text.toLowerCase().replaceAll('_', '-');
  const row = own(TACTICS, shortName);
  if (row !== undefined) return { id: row.id, shortName, name: row.name };
  const retired = own(RETIRED_TACTICS, shortName);
  if (retired === undefined) return undefined;
  const { id, name, retiredIn, successors } = retired;
  return { id, shortName, name, retired: { in: retiredIn, successors } };
}

/** The current techniques, by id. */
export function currentTechniques(): readonly Technique[] {
  return Object.entries(TECHNIQUES).flatMap(([id, row]) => (row.status === undefined ? [technique(id, row)] : []));
}

/** The technique of an id (`T1053.003`, in any case). */
export function techniqueOf(text: string): Technique | undefined {
  const id = text.toUpperCase();
  const row = own(TECHNIQUES, id);
  return row && technique(id, row);
}

function technique(id: string, { name, status, revokedBy, tactics }: TechniqueRow): Technique {
  if (status === undefined) return { id, name, tactics: tactics ?? [] };
  const successor = revokedBy === undefined ? undefined : own(TECHNIQUES, revokedBy);
  const retired = revokedBy === undefined ? { status } : { status, successor: revokedBy };
  return { id, name, tactics: successor?.tactics ?? [], retired };
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
