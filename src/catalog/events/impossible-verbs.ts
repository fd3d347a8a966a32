import type { AbstractPlan } from './abstract-plan.ts';
import { PATH_VERBS, RESOURCE_VERBS } from './requests.ts';

/** A verb that a rule names and that no request has. */
export interface ImpossibleVerb {
  readonly verb: string;
  /** What to write instead, where that is known. */
  readonly hint?: string;
}

const KNOWN: ReadonlySet<string> = new Set([...RESOURCE_VERBS, ...PATH_VERBS]);

const RBAC_ONLY = 'RBAC checks it, but no request has it as its verb';
const HINTS: ReadonlyMap<string, string> = new Map([
  ['replace', 'PUT requests have the verb update'],
  ['edit', 'use update and patch'],
  ['modify', 'use update and patch'],
  ['apply', 'server-side apply has the verb patch'],
  ['read', 'use get, list and watch'],
  ['view', 'use get, list and watch'],
  ['remove', 'use delete and deletecollection'],
  ['exec', 'use create and get on the subresource exec'],
  ['impersonate', `${RBAC_ONLY}; test impersonatedUser.username`],
  ['bind', RBAC_ONLY],
  ['escalate', RBAC_ONLY],
  ['use', RBAC_ONLY],
  ['approve', RBAC_ONLY],
  ['sign', RBAC_ONLY],
  ['attest', RBAC_ONLY],
]);

/** The verbs that tests of the field name whole, in the order of the rule. Verbs are lower case. */
export function impossibleVerbs({ leaves }: AbstractPlan): readonly ImpossibleVerb[] {
  const verbs = new Set<string>();
  for (const { source, node } of leaves) {
    if (source !== 'verb' || node.kind !== 'Predicate' || node.matcher.kind !== 'String') continue;
    if (node.matcher.test === 'equals') for (const verb of node.matcher.needles) if (!KNOWN.has(verb)) verbs.add(verb);
  }
  return [...verbs].map((verb) => {
    const hint = HINTS.get(verb.toLowerCase());
    return hint === undefined ? { verb } : { verb, hint };
  });
}
