import { OBSERVED_BITS, type ObservedLevels, OTHER_PATHS, observedResource } from '../../audit/index.ts';
import { hasBody } from '../events/requests.ts';
import { AUDIT_LEVELS, type AuditLevel } from '../policy/policy.ts';
import type { PolicyQuestion } from '../policy/possible-decisions.ts';

/** What was seen in a log of one operation. */
export interface SeenOperation {
  /** In ascending order; empty where it was not seen. */
  readonly levels: readonly AuditLevel[];
  /** At a level that logs the request's body none was there, of an operation that always has one: something on the way strips it. */
  readonly bodiesMissing: boolean;
}

const UNSEEN: SeenOperation = Object.freeze({ levels: Object.freeze([]), bodiesMissing: false });
/** Verbs whose requests always have a body. */
const ALWAYS_WITH_BODY: ReadonlySet<unknown> = new Set(['create', 'update', 'patch']);

/** What was seen of requests whose verb and names are certain; nothing of others. */
export function seenOperation(observed: ObservedLevels, asked: PolicyQuestion): SeenOperation {
  const { isResource, verb, apiGroup, resource, subresource } = asked;
  if (verb === undefined) return UNSEEN;
  if (!isResource) return seenVerb(observed, OTHER_PATHS, verb, asked);
  if (apiGroup === undefined || resource === undefined || subresource === undefined) return UNSEEN;
  return seenVerb(observed, observedResource(apiGroup, resource, subresource), verb, asked);
}

function seenVerb(observed: ObservedLevels, resource: string, verb: string, asked: PolicyQuestion): SeenOperation {
  const verbs = Object.hasOwn(observed.resources, resource) ? observed.resources[resource] : undefined;
  const bits = verbs !== undefined && Object.hasOwn(verbs, verb) ? (verbs[verb] ?? 0) : 0;
  const levels = levelsIn(bits);
  const kind = { isResource: asked.isResource, verb, subresource: asked.subresource ?? '' };
  const situation = { stage: 'ResponseComplete', authenticated: true, code: 'any', bodies: 'both' } as const;
  const highest = levels.at(-1) ?? 'None';
  const hasIt = ALWAYS_WITH_BODY.has(verb) && hasBody(kind, 'request', situation, highest);
  return { levels, bodiesMissing: hasIt && (bits & OBSERVED_BITS.bodies) === 0 };
}

export function levelsIn(bits: number): readonly AuditLevel[] {
  return AUDIT_LEVELS.filter((level) => level !== 'None' && (bits & OBSERVED_BITS[level]) !== 0);
}
