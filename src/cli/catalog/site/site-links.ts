import { createHash } from 'node:crypto';
import { currentTactics, currentTechniques, type RuleCatalog } from '../../../catalog/index.ts';

/** Where the pages of a site are, from its root: paths of lower-case letters, digits, `-`, `.` and `/`. Stable as long as names and files are. */
export interface SiteLinks {
  /** The page of a rule by its key. */
  readonly rule: (key: string) => string | undefined;
  /** The place of a tactic or technique of the current release; undefined for others. */
  readonly attack: (id: string) => string | undefined;
  /** The page of a field that indicators are about. */
  readonly field: (field: string) => string | undefined;
}

export const PAGES = Object.freeze({
  index: 'index.html',
  attack: 'attack.html',
  actions: 'actions.html',
  indicators: 'indicators.html',
});

export function siteLinks(catalog: RuleCatalog, fields: readonly string[]): SiteLinks {
  const rules = slugs(catalog.entries().map(({ key, name, file }) => [key, name ?? baseName(file ?? key)]));
  const fieldPages = slugs(fields.map((field) => [field, field]));
  const attack = new Set([...currentTactics(), ...currentTechniques()].map(({ id }) => id));
  return {
    rule: (key) => pathIn('rules', rules.get(key)),
    attack: (id) => (attack.has(id) ? `${PAGES.attack}#${id}` : undefined),
    field: (field) => pathIn('indicators', fieldPages.get(field)),
  };
}

/** The way from a page to a path: pages are at most one folder deep. */
export function relativePath(from: string, to: string): string {
  return from.includes('/') ? `../${to}` : to;
}

function pathIn(folder: string, slug: string | undefined): string | undefined {
  return slug === undefined ? undefined : `${folder}/${slug}.html`;
}

/** A slug for each key; keys whose names give the same slug have a hash of the key behind it, all of them. */
function slugs(names: readonly (readonly [key: string, name: string])[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const [, name] of names) counts.set(slugOf(name), (counts.get(slugOf(name)) ?? 0) + 1);
  return new Map(
    names.map(([key, name]) => {
      const slug = slugOf(name);
      return [key, counts.get(slug) === 1 ? slug : `${slug}.${hashOf(key)}`];
    }),
  );
}

const LONGEST_SLUG = 80;

/** Lower-case letters, digits and `-`. A name that is cut or has none of these gets a hash, too. */
function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  if (slug !== '' && slug.length <= LONGEST_SLUG) return slug;
  return `${slug.slice(0, LONGEST_SLUG - 10)}.${hashOf(name)}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function baseName(file: string): string {
  return file.replace(/^.*[/\\]/, '').replace(/\.(?:ya?ml|json)$/i, '');
}
