import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltInResources } from './discovery/discovered.ts';
import type { GeneratedFile } from './generated-file.ts';

const DATA = 'dev/generate/data/built-in-resources.json';

/** The table of the resources that kube-apiserver serves by itself. */
export function builtInResources(root: string): GeneratedFile {
  const { kubernetes, resources }: BuiltInResources = JSON.parse(readFileSync(join(root, DATA), 'utf8'));
  const text = `// Generated from ${DATA} by \`npm run generate\`. Do not edit.
import type { BuiltInResource } from './built-in.ts';

/** The version of kube-apiserver whose discovery documents the table is from. */
export const KUBERNETES_VERSION = '${kubernetes}';

export const BUILT_IN_RESOURCES: readonly BuiltInResource[] = [
${resources.map((resource) => `  ${JSON.stringify(resource)},`).join('\n')}
];
`;
  return { path: 'src/catalog/resources/built-in.generated.ts', text };
}
