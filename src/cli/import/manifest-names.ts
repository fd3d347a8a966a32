import { createHash } from 'node:crypto';
import type { Candidate } from './candidates.ts';

/** Short enough for a label. */
const LONGEST_NAME = 63;

/**
 * A name for each rule: that of its file, as Kubernetes allows names. Where several have the same, each has a part of its id behind it (of its path where it
 * has none), so that names do not depend on what else is imported later.
 */
export function manifestNames(candidates: readonly Candidate[]): ReadonlyMap<Candidate, string> {
  const counts = new Map<string, number>();
  for (const candidate of candidates) counts.set(plainName(candidate), (counts.get(plainName(candidate)) ?? 0) + 1);
  return new Map(
    candidates.map((candidate) => {
      const name = plainName(candidate);
      return [candidate, counts.get(name) === 1 ? name : withSuffix(name, candidate.document.id ?? candidate.path)];
    }),
  );
}

function plainName({ path, number }: Candidate): string {
  const base = path.replace(/^.*\//, '').replace(/\.(?:ya?ml|json)$/i, '');
  const name = `${base}${number === undefined ? '' : `-${number}`}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  if (name === '') return withSuffix('rule', path);
  return name.length > LONGEST_NAME ? withSuffix(name, base) : name;
}

function withSuffix(name: string, of: string): string {
  const suffix = createHash('sha256').update(of).digest('hex').slice(0, 8);
  return `${name.slice(0, LONGEST_NAME - 9).replace(/-+$/, '')}-${suffix}`;
}
