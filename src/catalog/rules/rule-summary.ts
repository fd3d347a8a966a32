import type { CompiledRule } from '../../sigma/index.ts';
import { attackCoverage } from '../attack/attack-coverage.ts';
import { type EventCoverage, eventCoverage } from '../events/event-coverage.ts';
import { formatNameSet, isEveryName } from '../events/name-set.ts';
import { RequestSpace } from '../events/request-space.ts';
import type { AuditLevel } from '../policy/policy.ts';
import type { Operation } from '../resources/operations.ts';
import { watchedOperations } from './watched-terms.ts';

/** The catalog's knowledge of a rule, short enough for the status of a DetectionRule. */
export interface RuleSummary {
  readonly attack: {
    /** Names in the order of the matrix. */
    readonly tactics: readonly string[];
    /** Ids. */
    readonly techniques: readonly string[];
  };
  /** `patch, update cronjobs.batch/status, jobs.batch/status`: verbs, then resources. At most 16; the last one says how many more there are. */
  readonly watches: readonly string[];
  /** The audit level from which on the rule can match all that it watches; undefined where it can match nothing. */
  readonly level?: Exclude<AuditLevel, 'None'>;
  /** The level from which on it also sees every body that it tests, where that is a higher one. */
  readonly wholeLevel?: Exclude<AuditLevel, 'None'>;
}

const MAX_WATCHES = 16;
const MAX_LENGTH = 256;

/** Summarises a rule for Kubernetes audit events. */
export function ruleSummary(rule: CompiledRule, space: RequestSpace = new RequestSpace(rule)): RuleSummary {
  const { tactics, techniquesWithoutTactic } = attackCoverage(rule.document.tags);
  const techniques = [...tactics.flatMap((covered) => covered.techniques), ...techniquesWithoutTactic];
  const events = eventCoverage(rule, space);
  const { levels } = events;
  const level = logged(levels?.all);
  const wholeLevel = logged(levels?.whole);
  return {
    attack: {
      tactics: tactics.map(({ tactic }) => tactic.name),
      techniques: [...new Set(techniques.map(({ id }) => id))].toSorted(),
    },
    watches: bounded(watchTexts(events)),
    ...(level === undefined ? {} : { level }),
    ...(wholeLevel === undefined || wholeLevel === level ? {} : { wholeLevel }),
  };
}

/** What a rule watches, one line for operations that have the same verbs. */
function watchTexts(events: EventCoverage): readonly string[] {
  const { patterns, pathVerbs, constrains } = events;
  const paths = pathVerbs.length > 0 ? ['paths that are no resource'] : [];
  const namespaces = constrains.namespace
    ? [...new Set(patterns.map((pattern) => formatNameSet(pattern.namespaces, 'none')))]
    : [];
  const where = namespaces.length > 0 ? ` in ${namespaces.join(' or ')}` : '';
  if (!constrains.resource) {
    const verbs = patterns.map((pattern) =>
      isEveryName(pattern.verbs) ? 'any verb' : formatNameSet(pattern.verbs, ''),
    );
    return [...[...new Set(verbs)].map((text) => `${text}, any resource${where}`), ...paths];
  }
  const byResource = Map.groupBy(watchedOperations(events), resourceText);
  const lines = Map.groupBy(byResource, ([, operations]) =>
    operations
      .map(({ verb }) => verb)
      .toSorted()
      .join(', '),
  );
  const texts = [...lines].map(
    ([verbs, group]) => `${verbs} ${group.map(([resource]) => resource).join(', ')}${where}`,
  );
  return [...texts, ...paths];
}

/** As kubectl has it: `cronjobs.batch`, `pods/exec`; `*` is any group or subresource. */
function resourceText({ apiGroup, resource, subresource }: Operation): string {
  const name = apiGroup === '' ? resource : `${resource}.${apiGroup}`;
  return subresource === '' || subresource === '*' ? name : `${name}/${subresource}`;
}

function bounded(texts: readonly string[]): readonly string[] {
  const short = texts.map((text) => (text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text));
  if (short.length <= MAX_WATCHES) return short;
  return [...short.slice(0, MAX_WATCHES - 1), `${short.length - MAX_WATCHES + 1} more`];
}

function logged(level: AuditLevel | undefined): Exclude<AuditLevel, 'None'> | undefined {
  return level === 'None' ? undefined : level;
}
