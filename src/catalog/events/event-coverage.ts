import type { CompiledRule } from '../../sigma/index.ts';
import { AUDIT_LEVELS, type AuditLevel, higherLevel, type PolicyStage } from '../policy/policy.ts';
import type { Operation } from '../resources/operations.ts';
import { type ImpossibleVerb, impossibleVerbs } from './impossible-verbs.ts';
import { isEveryName } from './name-set.ts';
import { type RequestPattern, requestPatterns } from './request-patterns.ts';
import { type OperationDimension, type RequestLevels, RequestSpace } from './request-space.ts';

/**
 * Which requests a rule watches. Tests of anything but verb, names in the path, stage and level are taken as satisfiable, so that nothing is missing here
 * and something may be too much.
 */
export interface EventCoverage {
  /** Requests about resources, built in or not, with "any" said as such. Empty where the condition cannot hold for any. */
  readonly patterns: readonly RequestPattern[];
  /** The same, operation by operation, over the resources that Kubernetes serves by itself. */
  readonly operations: readonly WatchedOperation[];
  /** Requests for paths that are no resource (`/version`): the verbs; empty where the condition cannot hold for such a request. */
  readonly pathVerbs: readonly string[];
  /** What the rule constrains. A rule that constrains no resource watches operations on all of them. */
  readonly constrains: {
    readonly verb: boolean;
    readonly apiGroup: boolean;
    readonly resource: boolean;
    readonly subresource: boolean;
    readonly namespace: boolean;
  };
  /** Verbs that the rule names and that no request has, such as `replace`. */
  readonly impossibleVerbs: readonly ImpossibleVerb[];
  /** The stages at which an event of a request can match; without RequestReceived unless the rule tests the stage. */
  readonly stages: readonly PolicyStage[];
  /** The audit levels that it takes; undefined where the condition cannot hold for any request. */
  readonly levels: NeededLevels | undefined;
}

interface NeededLevels {
  /** From this level on some watched operation can match. */
  readonly some: AuditLevel;
  /** From this level on all of them can. */
  readonly all: AuditLevel;
  /** From this level on the rule also sees every body that it tests, exclusions included. */
  readonly whole: AuditLevel;
}

interface WatchedOperation extends Operation, RequestLevels {}

type NameKey = keyof Omit<RequestPattern, keyof RequestLevels>;

/** What a rule for Kubernetes audit events watches. */
export function eventCoverage(rule: CompiledRule, space: RequestSpace = new RequestSpace(rule)): EventCoverage {
  const patterns = requestPatterns(space);
  const paths = space.pathVerbs();
  const operations = [...space.operations()].map(({ operation, level, wholeLevel }): WatchedOperation => {
    const { verb, apiGroup, resource, subresource } = operation;
    return { verb, apiGroup, resource, subresource, level, wholeLevel };
  });
  const constrains = (dimension: OperationDimension, key: NameKey): boolean =>
    space.plan.leaves.some(({ source }) => source === dimension) &&
    !patterns.some((pattern) => isEveryName(pattern[key]));
  return {
    patterns,
    operations,
    pathVerbs: paths.map(({ verb }) => verb),
    constrains: {
      verb: constrains('verb', 'verbs'),
      apiGroup: constrains('apiGroup', 'apiGroups'),
      resource: !patterns.some(({ resources }) => resources.any),
      subresource: constrains('subresource', 'subresources'),
      namespace: constrains('namespace', 'namespaces'),
    },
    impossibleVerbs: impossibleVerbs(space.plan),
    stages: space.stages(),
    levels: levelsOf([...(operations.length > 0 ? operations : patterns), ...paths]),
  };
}

function levelsOf(all: readonly RequestLevels[]): NeededLevels | undefined {
  const levels = all.map(({ level }) => level);
  const some = AUDIT_LEVELS.find((level) => levels.includes(level));
  return some && { some, all: levels.reduce(higherLevel), whole: all.map((of) => of.wholeLevel).reduce(higherLevel) };
}
