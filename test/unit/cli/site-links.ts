import { posix } from 'node:path';

/** Links of a site, page by page, that lead to no file of it, or to no place on its page. */
export function brokenLinks(site: ReadonlyMap<string, string>): readonly string[] {
  const places = new Map([...site].map(([path, text]) => [path, placesIn(text)]));
  const broken: string[] = [];
  for (const [path, text] of site) {
    if (!path.endsWith('.html')) continue;
    const targets = new Set([...text.matchAll(/\b(?:href|src)="([^"]*)"/g)].map(([, target = '']) => target));
    for (const target of targets) {
      if (/^(?:https?:|data:)/.test(target)) continue;
      const [file = '', place = ''] = target.split('#');
      const to = file === '' ? path : posix.join(posix.dirname(path), file);
      const found = places.get(to);
      if (found === undefined || (place !== '' && !found.has(place))) broken.push(`${path}: ${target}`);
    }
  }
  return broken;
}

function placesIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/\bid="([^"]*)"/g)].map(([, id = '']) => id));
}
