import { pathNames } from '../../sigma/index.ts';
import { type AbstractLeaf, ONLY_FALSE, ONLY_TRUE, type Possible } from '../events/abstract-plan.ts';
import { isThere, possible } from '../events/possible.ts';
import { BODY_SOURCES, type RequestSpace } from '../events/request-space.ts';
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
  /** The watched operations that it is blind for; all of them where it is blind everywhere. */
  readonly operations: readonly string[];
  readonly everywhere: boolean;
}

/** The tests of a rule that are blind, by what may be logged. Tests that decide nothing for any watched request are left out, and where a request has no body by nature. */
export function blindSpots(space: RequestSpace, logged: readonly LoggedKind[]): readonly BlindSpot[] {
  return space.plan.leaves.flatMap((leaf): readonly BlindSpot[] => {
    if (leaf.source !== 'nowhere' && !BODY_SOURCES.has(leaf.source)) return [];
    const deciding = logged.filter(({ watched, events }) =>
      events.some((event) => decides(space, leaf, watched, event)),
    );
    const natural = deciding.filter(({ watched }) => canBeThere(space, leaf, watched));
    const relevant = natural.length > 0 ? natural : deciding;
    const blind = relevant.filter(
      ({ watched: { kind }, events }) => !events.some((event) => isThere(leaf, { kind, ...event })),
    );
    if (blind.length === 0) return [];
    const { selection, key } = leaf.node.item;
    return [
      {
        kind: kindOf(leaf),
        selection,
        item: key,
        paths: leaf.node.kind === 'Keyword' ? [] : pathNames(leaf.node.field),
        line: leaf.node.place.line,
        cause: leaf.source === 'nowhere' ? 'UnknownField' : 'BodyNotLogged',
        operations: [...new Set(blind.map(({ watched }) => watched.label))],
        everywhere: blind.length === relevant.length,
      },
    ];
  });
}

function kindOf({ whenAbsent, negated }: AbstractLeaf): BlindSpot['kind'] {
  if (whenAbsent === negated) return 'DeadBranch';
  return negated ? 'IneffectiveExclusion' : 'AlwaysHolds';
}

/** Whether the field can be there when everything is logged. */
function canBeThere(space: RequestSpace, leaf: AbstractLeaf, { kind }: WatchedKind): boolean {
  return space.situationsOf(kind).some((situation) => isThere(leaf, { kind, situation, level: 'RequestResponse' }));
}

/** Whether the truth of a test makes a difference for an event. */
function decides(
  space: RequestSpace,
  leaf: AbstractLeaf,
  { kind }: WatchedKind,
  moment: LoggedKind['events'][number],
): boolean {
  const given = (truth: Possible): Possible =>
    possible(space.plan.root, { kind, ...moment }, (other) => (other === leaf ? truth : undefined));
  const [held, failed] = [given(ONLY_TRUE), given(ONLY_FALSE)];
  return held.true !== failed.true || held.false !== failed.false;
}
