import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the rules that come with this program: beside the sources, or beside the bundle. Undefined where it is not there. */
export function shippedRules(): string | undefined {
  return shipped('manifests/base/rules');
}

/** The same of the filters. */
export function shippedFilters(): string | undefined {
  return shipped('manifests/filters');
}

function shipped(folderName: string, from: string = import.meta.dirname): string | undefined {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, folderName);
    if (existsSync(candidate)) return candidate;
  }
  return undefined;
}
