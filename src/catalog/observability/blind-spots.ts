import { pathNames } from '../../sigma/index.ts';
import { type AbstractLeaf, BOTH } from '../events/abstract-plan.ts';
import { canDecide, isThere, type LoggedEvent } from '../events/possible.ts';
import { BODY_SOURCES, type RequestSpace } from '../events/request-space.ts';
import { EVERY_KIND } from '../events/requests.ts';
import type { LoggedKind } from './logged-kinds.ts';
import type { WatchedKind } from './watched-kinds.ts';

/** A test of a rule whose field is missing from the events that it would decide about. */
export interface BlindSpot {
  /** `DeadBranch`: it never holds, and what it is joined to cannot match. `IneffectiveExclusion`: it never excludes anything. `AlwaysHolds`: it demands an absence that is certain. */
  readonly kind: 'DeadBranch' | 'IneffectiveExclusion' | 'AlwaysHolds';
  readonly selection: string;
  /** The key of the detection item, with its modifiers. */
  readonly item: string;
  /** The paths of the field, after mapping. */
  readonly paths: readonly string[];
  /** From 1, of the rule's source. */
  readonly line: number;
  /** `UnknownField`: no audit event has it. `BodyNotLogged`: the requests have no such body, or the policy does not log it. */
  readonly cause: 'UnknownField' | 'BodyNotLogged';
  /** The watched operations that it is blind for. */
  readonly operations: readonly string[];
  readonly everywhere: boolean;
}

/** The tests of a rule that are blind, by what may be logged. Tests that decide nothing for any watched request are left out, and where a request has no body by nature. */
export function blindSpots(space: RequestSpace, logged: readonly LoggedKind[]): readonly BlindSpot[] {
  return space.plan.leaves.flatMap((leaf): readonly BlindSpot[] => {
    if (!mayBeBlind(leaf)) return [];
    const deciding = logged.filter(({ watched, events }) =>
      events.some((event) => decides(space, leaf, { kind: watched.kind, ...event })),
    );
    const natural = deciding.filter(({ watched }) => canBeThere(space, leaf, watched));
    if (natural.length === 0)
      return deciding.length > 0 || couldDecide(space, leaf) ? [spotOf(leaf, deciding, true)] : [];
    const blind = natural.filter(
      ({ watched: { kind }, events }) => !events.some((event) => isThere(leaf, { kind, ...event })),
    );
    return blind.length === 0 ? [] : [spotOf(leaf, blind, blind.length === natural.length)];
  });
}

function spotOf(leaf: AbstractLeaf, blind: readonly LoggedKind[], everywhere: boolean): BlindSpot {
  const { selection, key } = leaf.node.item;
  return {
    kind: kindOf(leaf),
    selection,
    item: key,
    paths: leaf.node.kind === 'Keyword' ? [] : pathNames(leaf.node.field),
    line: leaf.node.place.line,
    cause: leaf.source === 'nowhere' ? 'UnknownField' : 'BodyNotLogged',
    operations: [...new Set(blind.map(({ watched }) => watched.label))],
    everywhere,
  };
}

function kindOf({ whenAbsent, negated }: AbstractLeaf): BlindSpot['kind'] {
  if (whenAbsent === negated) return 'DeadBranch';
  return negated ? 'IneffectiveExclusion' : 'AlwaysHolds';
}

/** Whether the field can be there when everything is logged. */
function canBeThere(space: RequestSpace, leaf: AbstractLeaf, { kind }: WatchedKind): boolean {
  return space.situationsOf(kind).some((situation) => isThere(leaf, { kind, situation, level: 'RequestResponse' }));
}

/** Whether the truth of a test makes a difference for an event, if every other test that may be blind could see. */
function decides(space: RequestSpace, leaf: AbstractLeaf, event: LoggedEvent): boolean {
  return canDecide(space.plan.root, leaf, event, (other) => (mayBeBlind(other) ? BOTH : undefined));
}

/** Whether a test that is never there would make a difference for any request, watched or not. */
function couldDecide(space: RequestSpace, leaf: AbstractLeaf): boolean {
  return EVERY_KIND.some((kind) =>
    space.situationsOf(kind).some((situation) => decides(space, leaf, { kind, situation, level: 'RequestResponse' })),
  );
}

function mayBeBlind({ source }: AbstractLeaf): boolean {
  return source === 'nowhere' || BODY_SOURCES.has(source);
}
