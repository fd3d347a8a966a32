import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FOLDER = 'manifests/base/rules';

/** The folder of the rules that come with this program: beside the sources, or beside the bundle. Undefined where it is not there. */
export function shippedRules(from: string = import.meta.dirname): string | undefined {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, FOLDER);
    if (existsSync(candidate)) return candidate;
  }
  return undefined;
}
