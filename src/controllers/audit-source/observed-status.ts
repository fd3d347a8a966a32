import type { AuditSource } from '../../api/audit-source.generated.ts';
import type { ObservedLevels } from '../../audit/index.ts';
import { type PolicyDifference, type SeenOperation, seenOperations } from '../../catalog/index.ts';

type Status = NonNullable<AuditSource['status']>;
type ObservedStatus = NonNullable<Status['observed']>;
type DifferenceStatus = NonNullable<Status['policyDifferences']>[number];

/** Not above what `crds/auditsources.yaml` admits. */
const MAX_RESOURCES = 128;
const MAX_DIFFERENCES = 32;

/** What was observed, as the status of an AuditSource shows it. */
export function observedStatus(observed: ObservedLevels): ObservedStatus {
  const byResource = Map.groupBy(seenOperations(observed), ({ resource }) => resource);
  const resources = [...byResource.keys()].sort();
  const unlisted = resources.length - MAX_RESOURCES;
  return {
    since: observed.since.replace(/\.\d+(?=Z|[+-])/, ''),
    resources: resources.slice(0, MAX_RESOURCES).map((resource) => {
      const seen = byResource.get(resource) ?? [];
      const verbs = (test: (operation: SeenOperation) => boolean): readonly string[] =>
        seen.filter(test).map(({ asked }) => asked.verb);
      const lists = {
        metadata: verbs(({ levels }) => levels.includes('Metadata')),
        request: verbs(({ levels }) => levels.includes('Request')),
        requestResponse: verbs(({ levels }) => levels.includes('RequestResponse')),
        withoutBodies: verbs(({ bodiesMissing }) => bodiesMissing),
      };
      const present = Object.entries(lists).filter(([, list]) => list.length > 0);
      return { resource, ...Object.fromEntries(present.map(([name, list]) => [name, list.toSorted()])) };
    }),
    ...(unlisted > 0 && { unlisted }),
  };
}

export function differencesStatus(differences: readonly PolicyDifference[]): readonly DifferenceStatus[] {
  return differences.slice(0, MAX_DIFFERENCES).map((difference) => ({
    operation: `${difference.verb} ${difference.resource}`,
    observed: `${difference.observed.join(', ')}${difference.bodiesMissing ? ', without bodies' : ''}`,
    policy: difference.policy.join(', '),
  }));
}
