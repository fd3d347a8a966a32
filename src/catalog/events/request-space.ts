import type { CompiledRule } from '../../sigma/index.ts';
import { AUDIT_STAGES, type AuditLevel, higherLevel, type PolicyStage } from '../policy/policy.ts';
import { BUILT_IN_OPERATIONS, type BuiltInOperation } from '../resources/operations.ts';
import { type AbstractPlan, abstractPlan } from './abstract-plan.ts';
import type { Dimension, FieldSource } from './field-source.ts';
import { type NameClasses, nameClasses } from './name-classes.ts';
import { canDecide, isThere, possible } from './possible.ts';
import { PATH_VERBS, type RequestKind, regularSituations, type Situation, situationsOf } from './requests.ts';

/** The dimensions that a watched operation has, in the order in which kinds of requests are numbered. */
export const OPERATION_DIMENSIONS = Object.freeze([
  'verb',
  'apiGroup',
  'resource',
  'subresource',
  'namespace',
] as const);
export type OperationDimension = Extract<Dimension, (typeof OPERATION_DIMENSIONS)[number]>;

const LOGGED_LEVELS = Object.freeze(['Metadata', 'Request', 'RequestResponse'] as const);

/** Combinations of classes, times tests, beyond which the kinds of requests are no longer told apart one by one. */
const MAX_WORK = 100_000;

const OUTCOME_SOURCES: ReadonlySet<FieldSource> = new Set(['code', 'response', 'user', 'username']);
export const BODY_SOURCES: ReadonlySet<FieldSource> = new Set(['requestObject', 'responseObject', 'body']);

/** At which audit levels a request can match. */
export interface RequestLevels {
  /** The lowest level at which it can match. */
  readonly level: AuditLevel;
  /** The lowest level at which the rule also sees every body that it tests, exclusions included, as far as such requests have one. */
  readonly wholeLevel: AuditLevel;
}

/** One combination of name classes, by their indexes. */
export interface Combination extends RequestLevels {
  readonly indexes: readonly number[];
}

/**
 * All requests, as far as a rule tells them apart, and which of them can satisfy its condition: every test of anything but the verb, the names in the path,
 * the stage and the level is taken as satisfiable where its field can be logged at all.
 */
export class RequestSpace {
  readonly plan: AbstractPlan;
  readonly classes: Readonly<Record<OperationDimension, NameClasses>>;
  /** The rule sees RequestReceived: only where it tests the stage. */
  readonly seesReceived: boolean;
  readonly #levels = new Map<string, RequestLevels | undefined>();

  #combinations: { readonly found: readonly Combination[] | undefined } | undefined;

  constructor(rule: CompiledRule) {
    this.plan = abstractPlan(rule);
    this.seesReceived = rule.testedFields.includes('stage');
    const classesOf = (dimension: Dimension): NameClasses => nameClasses(dimension, this.plan);
    this.classes = {
      verb: classesOf('verb'),
      apiGroup: classesOf('apiGroup'),
      resource: classesOf('resource'),
      subresource: classesOf('subresource'),
      namespace: classesOf('namespace'),
    };
  }

  /** The moments at which a request of a kind counts for the rule: a panic only where the rule asks for the stage. */
  situationsOf(kind: RequestKind): readonly Situation[] {
    return situationsOf(kind, this.seesReceived).filter(({ stage }) => stage !== 'Panic' || this.seesReceived);
  }

  /** The same without failed authentication. */
  regularSituationsOf(kind: RequestKind): readonly Situation[] {
    return regularSituations(kind, this.seesReceived);
  }

  /** The levels of a kind of request; undefined where none can satisfy the condition. */
  levelsOf(kind: RequestKind): RequestLevels | undefined {
    const level = LOGGED_LEVELS.find((level) => this.canHold(kind, level));
    return level && { level, wholeLevel: this.#wholeLevel(kind, level) };
  }

  /** Whether a request of a kind can satisfy the condition when it is logged at a level. */
  canHold(kind: RequestKind, level: AuditLevel): boolean {
    return this.situationsOf(kind).some((situation) => possible(this.plan.root, { kind, situation, level }).true);
  }

  #wholeLevel(kind: RequestKind, needed: AuditLevel): AuditLevel {
    const situations = this.regularSituationsOf(kind);
    let whole = needed;
    for (const leaf of this.plan.leaves) {
      if (!BODY_SOURCES.has(leaf.source)) continue;
      const level = LOGGED_LEVELS.find((level) =>
        situations.some((situation) => isThere(leaf, { kind, situation, level })),
      );
      if (
        level !== undefined &&
        situations.some((situation) => canDecide(this.plan.root, leaf, { kind, situation, level: 'RequestResponse' }))
      )
        whole = higherLevel(whole, level);
    }
    return whole;
  }

  /** Each built-in operation that can satisfy the condition, with the level that it needs. */
  *operations(): Generator<{ readonly operation: BuiltInOperation } & RequestLevels> {
    for (const operation of BUILT_IN_OPERATIONS) {
      const levels = this.#levelsOfOperation(operation);
      if (levels !== undefined) yield { operation, ...levels };
    }
  }

  /** The kind of request of a built-in operation. Requests for objects outside namespaces have none. */
  kindOf({ verb, apiGroup, resource, subresource, namespaced }: BuiltInOperation): RequestKind {
    const kind = { isResource: true, verb, apiGroup, resource, subresource };
    return namespaced || resource === 'namespaces' ? kind : { ...kind, namespace: '' };
  }

  /** Combinations of name classes that can satisfy the condition; undefined where there are too many to tell apart. */
  combinations(): readonly Combination[] | undefined {
    this.#combinations ??= { found: this.#findCombinations() };
    return this.#combinations.found;
  }

  #findCombinations(): readonly Combination[] | undefined {
    const sizes = OPERATION_DIMENSIONS.map((dimension) => this.classes[dimension].classes.length);
    if (sizes.reduce((product, size) => product * size, 1 + this.plan.leaves.length) > MAX_WORK) return undefined;
    const found: Combination[] = [];
    for (const indexes of product(sizes)) {
      const levels = this.levelsOf(this.kindAt(indexes));
      if (levels !== undefined) found.push({ indexes, ...levels });
    }
    return found;
  }

  /** The verbs of requests for paths that are no resource that can satisfy the condition. */
  pathVerbs(): readonly ({ readonly verb: string } & RequestLevels)[] {
    return PATH_VERBS.flatMap((verb) => {
      const levels = this.levelsOf({ isResource: false, verb });
      return levels === undefined ? [] : [{ verb, ...levels }];
    });
  }

  /**
   * The stages at which an event can satisfy the condition, as far as requests are answered; failed authentication, which is logged at ResponseStarted
   * whatever the request, is among them where the rule looks at who asks or what the answer is.
   */
  stages(): readonly PolicyStage[] {
    const looks = this.plan.leaves.some(({ source }) => OUTCOME_SOURCES.has(source));
    const builtIn = [...this.operations()].map(({ operation }) => this.kindOf(operation));
    const named = this.combinations()?.map(({ indexes }) => this.kindAt(indexes)) ?? [];
    const resources = builtIn.length > 0 ? builtIn : named;
    const kinds = [...resources, ...this.pathVerbs().map(({ verb }) => ({ isResource: false, verb }))];
    const stages = new Set<PolicyStage>();
    for (const kind of kinds) {
      for (const situation of looks || this.seesReceived ? this.situationsOf(kind) : this.regularSituationsOf(kind)) {
        const event = { kind, situation, level: 'RequestResponse' } as const;
        if (!stages.has(situation.stage) && possible(this.plan.root, event).true) stages.add(situation.stage);
      }
    }
    return AUDIT_STAGES.filter((stage) => stages.has(stage));
  }

  /** The kind of request that stands for a combination of name classes. */
  kindAt(indexes: readonly number[]): RequestKind {
    const entries = OPERATION_DIMENSIONS.map(
      (dimension, i) => [dimension, this.classes[dimension].classes[indexes[i] ?? 0]?.value] as const,
    );
    return { isResource: true, ...Object.fromEntries(entries) };
  }

  /** Operations of the same classes need the same level. */
  #levelsOfOperation(operation: BuiltInOperation): RequestLevels | undefined {
    const kind = this.kindOf(operation);
    const { verb, apiGroup, resource, subresource } = this.classes;
    const key = [
      verb.indexOf.get(operation.verb),
      apiGroup.indexOf.get(operation.apiGroup),
      resource.indexOf.get(operation.resource),
      subresource.indexOf.get(operation.subresource),
      kind.namespace === undefined,
    ].join(' ');
    if (!this.#levels.has(key)) this.#levels.set(key, this.levelsOf(kind));
    return this.#levels.get(key);
  }
}

/** Every tuple of indexes below the sizes. */
function* product(sizes: readonly number[]): Generator<readonly number[]> {
  const indexes = sizes.map(() => 0);
  for (;;) {
    yield [...indexes];
    let at = sizes.length - 1;
    while (at >= 0 && (indexes[at] = (indexes[at] ?? 0) + 1) === sizes[at]) indexes[at--] = 0;
    if (at < 0) return;
  }
}
