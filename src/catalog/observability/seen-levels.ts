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
  if (!isResource) return seenBits(bitsOf(observed, OTHER_PATHS, verb), asked);
  if (apiGroup === undefined || resource === undefined || subresource === undefined) return UNSEEN;
  return seenBits(bitsOf(observed, observedResource(apiGroup, resource, subresource), verb), asked);
}

/** Everything that was seen, operation by operation. */
export function* seenOperations(
  observed: ObservedLevels,
): Generator<
  SeenOperation & { readonly resource: string; readonly asked: PolicyQuestion & { readonly verb: string } }
> {
  for (const [resource, verbs] of Object.entries(observed.resources)) {
    const names = resource === OTHER_PATHS ? { isResource: false } : { isResource: true, ...namesIn(resource) };
    for (const [verb, bits] of Object.entries(verbs)) {
      const asked = { ...names, verb };
      yield { resource, asked, ...seenBits(bits, asked) };
    }
  }
}

function bitsOf({ resources }: ObservedLevels, resource: string, verb: string): number {
  const verbs = Object.hasOwn(resources, resource) ? resources[resource] : undefined;
  return verbs !== undefined && Object.hasOwn(verbs, verb) ? (verbs[verb] ?? 0) : 0;
}

function seenBits(bits: number, { isResource, verb = '', subresource = '' }: PolicyQuestion): SeenOperation {
  const levels = AUDIT_LEVELS.filter((level) => level !== 'None' && (bits & OBSERVED_BITS[level]) !== 0);
  const answered = { stage: 'ResponseComplete', authenticated: true, code: 'any', bodies: 'both' } as const;
  const kind = { isResource, verb, subresource };
  const hasIt = ALWAYS_WITH_BODY.has(verb) && hasBody(kind, 'request', answered, levels.at(-1) ?? 'None');
  return { levels, bodiesMissing: hasIt && (bits & OBSERVED_BITS.bodies) === 0 };
}

/** The names in `cronjobs.batch/status`: a resource has no dot, and no slash. */
function namesIn(text: string): Required<Pick<PolicyQuestion, 'apiGroup' | 'resource' | 'subresource'>> {
  const slash = text.indexOf('/');
  const path = slash < 0 ? text : text.slice(0, slash);
  const dot = path.indexOf('.');
  return {
    resource: dot < 0 ? path : path.slice(0, dot),
    apiGroup: dot < 0 ? '' : path.slice(dot + 1),
    subresource: slash < 0 ? '' : text.slice(slash + 1),
  };
}
