import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import type { GeneratedFile } from './generated-file.ts';

interface CustomResourceDefinition {
  readonly kind: string;
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly singular: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: JSONSchema } }[];
  };
}

/** One file of TypeScript types for each CustomResourceDefinition in `crds/`, from its structural schema. */
export async function apiTypes(root: string): Promise<readonly GeneratedFile[]> {
  const files: GeneratedFile[] = [];
  for (const name of readdirSync(join(root, 'crds')).filter((file) => file.endsWith('.yaml'))) {
    const crd = load(readFileSync(join(root, 'crds', name), 'utf8')) as CustomResourceDefinition;
    if (crd.kind !== 'CustomResourceDefinition') continue;
    const version = crd.spec.versions.at(-1);
    if (version === undefined) throw new Error(`${name} has no version`);
    const schema = closed(version.schema.openAPIV3Schema);
    schema.properties = { ...schema.properties, metadata: { tsType: 'ObjectMeta' } };
    schema.required = ['apiVersion', 'kind', 'metadata', ...(Array.isArray(schema.required) ? schema.required : [])];
    const types = await compile(schema, crd.spec.names.kind, {
      bannerComment: `// Generated from crds/${name} by \`npm run generate\`. Do not edit.\nimport type { ObjectMeta } from './object-meta.ts';`,
      additionalProperties: false,
      ignoreMinAndMaxItems: true,
      style: { singleQuote: true, printWidth: 120 },
    });
    files.push({ path: `src/api/${kebab(crd.spec.names.kind)}.generated.ts`, text: types });
  }
  return files;
}

/** The schema without what is of Kubernetes alone, and every map of named properties closed. */
function closed(schema: JSONSchema): JSONSchema {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    // A schema's format is a string; a field of that name is a schema.
    key.startsWith('x-kubernetes-') || (key === 'format' && typeof value === 'string') ? undefined : value,
  ) as JSONSchema;
}

function kebab(kind: string): string {
  return kind.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
