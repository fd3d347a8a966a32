import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The root of what a folder is a part of, and the licence of its rules, where that is certain. */
export interface Checkout {
  readonly root: string;
  readonly licenceFile: string | undefined;
  /** What the licence calls itself, on one line. */
  readonly licence: string | undefined;
}

const LICENCE = /^licen[cs]e(?:\.\S+)?$/i;
const RULE_LICENCE = /Detection Rule License \(DRL\) (\d+(?:\.\d+)*)/;
const LONGEST_NAME = 100;

/**
 * The root is the nearest repository that a folder, or a file, is in, else the folder itself. A licence in the folder is that of its rules; one above may be that of the
 * software around them, and counts only where it is a licence for rules.
 */
export function checkoutOf(path: string): Checkout {
  const start = statSync(path).isDirectory() ? resolve(path) : dirname(resolve(path));
  for (let at = start; at !== dirname(at); at = dirname(at)) {
    const isRoot = existsSync(join(at, '.git'));
    for (const file of licencesIn(at)) {
      const licence = nameOf(readFileSync(file, 'utf8'), at === start);
      if (licence !== undefined) return { root: at, licenceFile: file, licence };
    }
    if (isRoot) return { root: at, licenceFile: undefined, licence: undefined };
  }
  return { root: start, licenceFile: undefined, licence: undefined };
}

/** None where the folder may not be read: it is one above what is imported. */
function licencesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && LICENCE.test(entry.name))
      .map(({ name }) => join(folder, name))
      .toSorted();
  } catch {
    return [];
  }
}

function nameOf(text: string, anyLicence: boolean): string | undefined {
  const [, version] = RULE_LICENCE.exec(text) ?? [];
  if (version !== undefined) return `Detection Rule License ${version}`;
  if (!anyLicence) return undefined;
  const line = text.split('\n').find((one) => /\p{L}/u.test(one));
  return line
    ?.replace(/^[#\s]+/, '')
    .trim()
    .slice(0, LONGEST_NAME);
}
