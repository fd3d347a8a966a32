/** `metav1.Condition`. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  /** CamelCase, for machines. */
  readonly reason: string;
  /** For people; at most 32768 characters. */
  readonly message: string;
  /** When `status` last changed. RFC 3339. */
  readonly lastTransitionTime: string;
  /** The `metadata.generation` that the condition speaks of. */
  readonly observedGeneration?: number;
}

/** What is to be said; the time follows from what was said before. */
export type ConditionUpdate = Omit<Condition, 'lastTransitionTime'>;

/**
 * The conditions with one set. Its `lastTransitionTime` moves only when its status changes, others keep their place:
 * saying the same again gives equal conditions.
 *
 * @param now RFC 3339
 */
export function setCondition(
  conditions: readonly Condition[],
  update: ConditionUpdate,
  now: string,
): readonly Condition[] {
  const before = findCondition(conditions, update.type);
  const lastTransitionTime = before?.status === update.status ? before.lastTransitionTime : now;
  const condition = { ...update, lastTransitionTime };
  return before === undefined
    ? [...conditions, condition]
    : conditions.map((each) => (each.type === update.type ? condition : each));
}

export function findCondition(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}
