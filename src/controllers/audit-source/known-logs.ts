import { createHash } from 'node:crypto';
import type { AuditSource } from '../../api/audit-source.generated.ts';
import { isObservedLevels, mergeObserved, type ObservedLevels } from '../../audit/index.ts';
import { type KnownLog, parseAuditPolicy } from '../../catalog/index.ts';
import type { NodeReport } from '../replica/node-report.ts';

/** What the text of an AuditSource's policy is: undefined where none is given. */
export type PolicyText = ReturnType<typeof parseAuditPolicy> | undefined;

export function policyOf({ spec }: AuditSource): PolicyText {
  return spec.policy === undefined ? undefined : parseAuditPolicy(spec.policy);
}

/** Tells policies apart; empty without one. */
export function policyHash({ spec }: AuditSource): string {
  return spec.policy === undefined ? '' : createHash('sha256').update(spec.policy).digest('hex').slice(0, 12);
}

/** Milliseconds. What is observed of a log that is read began at most two days ago: older is of nodes that are gone. */
const FORGOTTEN_AFTER = 3 * 24 * 3600_000;

/**
 * What was observed in the log of a source, over all nodes, since it has the policy that it has now.
 * @param now milliseconds since the epoch
 */
export function observedIn(
  source: AuditSource,
  reports: Iterable<NodeReport>,
  now: number,
): ObservedLevels | undefined {
  const policy = policyHash(source);
  return mergeObserved(
    [...reports].flatMap(({ sources }) => {
      const observed = sources[source.metadata.name]?.partition?.extra.observed;
      if (observed?.policy !== policy || !isObservedLevels(observed.levels.current)) return [];
      const { current } = observed.levels;
      return now - Date.parse(current.since) < FORGOTTEN_AFTER ? [current] : [];
    }),
  );
}

/** What is known of the logs of the sources. @param now milliseconds since the epoch */
export function knownLogs(
  sources: Iterable<AuditSource>,
  reports: readonly NodeReport[],
  now: number,
): readonly KnownLog[] {
  return [...sources].map((source) => {
    const parsed = policyOf(source);
    return { policy: parsed?.ok === true ? parsed.policy : undefined, observed: observedIn(source, reports, now) };
  });
}
