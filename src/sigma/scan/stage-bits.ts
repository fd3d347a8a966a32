/** The stages that lines can be told apart by, each by the place of its bit. */
export const STAGES = Object.freeze(['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic']);

/** A set of stages, for a `LineScreen`. @param stages by their names; those that are none of audit.k8s.io are left out. */
export function stageBits(stages: Iterable<string>): number {
  return Array.from(stages).reduce(
    (bits, stage) => bits | ((1 << STAGES.indexOf(stage)) & ((1 << STAGES.length) - 1)),
    0,
  );
}
