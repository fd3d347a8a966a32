import { createHash } from 'node:crypto';
import type { GroupKey } from './group-key.ts';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const HASH_LENGTH = 24;
const PREFIX_LENGTH = 40;

/**
 * The name of the Alert of a rule and a group key: the rule's name, cut, and 120 bits of a hash over both, so that nobody
 * can make two groups meet. A valid DNS subdomain for any content. `salt` above 0 gives another name for the same group,
 * for the case that an object which is no Alert of this group already has the first one.
 */
export function alertName(rule: string, key: GroupKey, salt = 0): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([rule, ...groupKeyParts(key), salt]))
    .digest();
  let hash = '';
  for (let bit = 0; hash.length < HASH_LENGTH; bit += 5) {
    const pair = ((digest[bit >> 3] ?? 0) << 8) | (digest[(bit >> 3) + 1] ?? 0);
    hash += BASE32[(pair >> (11 - (bit & 7))) & 31];
  }
  const prefix = rule
    .slice(0, PREFIX_LENGTH)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return prefix === '' ? `alert-${hash}` : `${prefix}-${hash}`;
}

/** The key's fields in a fixed order; null where the group spans all, or has none. */
function groupKeyParts({
  cluster,
  actor,
  impersonated,
  operation,
  outcome,
  target,
  correlated,
}: GroupKey): readonly (string | null)[] {
  const { kind, apiGroup, resource, namespace, name, cronJob, path } = target;
  const who = [cluster, actor ?? null, impersonated ?? null, operation ?? null, outcome ?? null];
  const values = correlated === undefined ? [] : Object.entries(correlated).flat();
  return [...who, kind, apiGroup, resource, namespace, name, cronJob, path, ...values];
}
