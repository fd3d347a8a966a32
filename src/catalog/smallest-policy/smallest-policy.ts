import type { CompiledRule } from '../../sigma/index.ts';
import { requestPatterns } from '../events/request-patterns.ts';
import { RequestSpace } from '../events/request-space.ts';
import { type Observability, observability } from '../observability/observability.ts';
import type { AuditPolicy, AuditPolicyRule } from '../policy/policy.ts';
import { type Need, needOfPaths, needsOf } from './need.ts';
import { reduceNeeds } from './reduce-needs.ts';

/** A rule that a policy is made for or checked against. */
export interface PolicySubject {
  readonly key: string;
  readonly title: string;
  readonly rule: CompiledRule;
}

/** The smallest audit policy for some rules, line by line with the reasons. */
export interface SmallestPolicy {
  readonly policy: AuditPolicy;
  /** For each rule of the policy why it is there. */
  readonly reasons: readonly PolicyReason[];
  /** Rules that fire under no policy, and why. */
  readonly cannotFire: readonly {
    readonly key: string;
    readonly title: string;
    readonly observability: Observability;
  }[];
}

interface PolicyReason {
  readonly neededBy: readonly { readonly key: string; readonly title: string }[];
  /** The same for each resource of the rule. */
  readonly resources: readonly {
    readonly group: string;
    readonly resource: string;
    readonly neededBy: readonly string[];
  }[];
}

export interface SmallestPolicyOptions {
  /** `CanFire`: what rules need to match at all. `Whole`: also the bodies that their exclusions need. */
  readonly level?: 'CanFire' | 'Whole';
}

/**
 * The smallest audit policy under which rules can fire on all that they watch: lines with higher levels come first, and no line is about what another one
 * covers. Where a policy cannot say which resources are meant (a resource that is not built in, of a group that the rule does not name), it names none.
 * Nothing but the stage RequestReceived is omitted, and that only where no rule tests the stage.
 */
export function smallestPolicy(
  subjects: readonly PolicySubject[],
  options: SmallestPolicyOptions = {},
): SmallestPolicy {
  const needs: Need[] = [];
  const cannotFire: SmallestPolicy['cannotFire'][number][] = [];
  let seesReceived = false;
  for (const { key, title, rule } of subjects) {
    const space = new RequestSpace(rule);
    const observable = observability(rule, undefined, space);
    if (observable.status === 'False') {
      cannotFire.push({ key, title, observability: observable });
      continue;
    }
    seesReceived ||= space.seesReceived;
    for (const pattern of requestPatterns(space))
      needs.push(...needsOf(pattern, options.level === 'Whole' ? pattern.wholeLevel : pattern.level, key));
    const paths = space.pathVerbs().map(({ verb }) => verb);
    if (paths.length > 0) needs.push(needOfPaths(paths, key));
  }
  const titles = new Map(subjects.map(({ key, title }) => [key, title]));
  const lines = linesOf(reduceNeeds(needs));
  return {
    policy: {
      omitStages: seesReceived ? [] : ['RequestReceived'],
      omitManagedFields: false,
      rules: lines.length === 0 ? [NOTHING] : lines.map(policyRuleOf),
    },
    reasons: lines.map((line) => reasonOf(line, titles)),
    cannotFire,
  };
}

const NOTHING: AuditPolicyRule = Object.freeze({
  level: 'None',
  users: [],
  userGroups: [],
  verbs: [],
  resources: [],
  namespaces: [],
  nonResourceURLs: [],
  omitStages: [],
});

/** Needs that one rule of a policy can say. */
type Line = readonly [Need, ...Need[]];

/** One line for needs of the same level, verbs and namespaces. They are sorted by level already. */
function linesOf(needs: readonly Need[]): readonly Line[] {
  const lines = new Map<string, [Need, ...Need[]]>();
  for (const need of needs) {
    const kind = typeof need.target === 'string' ? need.target : 'resources';
    const key = JSON.stringify([need.level, need.verbs, need.namespaces, kind]);
    const line = lines.get(key);
    if (line === undefined) lines.set(key, [need]);
    else line.push(need);
  }
  return [...lines.values()];
}

function policyRuleOf(line: Line): AuditPolicyRule {
  const [{ level, verbs, namespaces, target }] = line;
  const groups = Map.groupBy(resourcesOf(line), ({ group }) => group);
  return {
    ...NOTHING,
    level,
    verbs,
    namespaces,
    resources: [...groups].map(([group, entries]) => ({
      group,
      resources: entries.some(({ resource }) => resource === '*')
        ? []
        : entries.map(({ resource }) => resource).toSorted(),
      resourceNames: [],
    })),
    nonResourceURLs: target === 'paths' ? ['*'] : [],
  };
}

function resourcesOf(line: Line): PolicyReason['resources'] {
  return line
    .flatMap(({ target, rules }) => (typeof target === 'string' ? [] : [{ ...target, neededBy: rules }]))
    .toSorted((a, b) => (`${a.group} ${a.resource}` < `${b.group} ${b.resource}` ? -1 : 1));
}

function reasonOf(line: Line, titles: ReadonlyMap<string, string>): PolicyReason {
  const keys = [...new Set(line.flatMap(({ rules }) => rules))];
  return { neededBy: keys.map((key) => ({ key, title: titles.get(key) ?? key })), resources: resourcesOf(line) };
}
