import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { GeneratedFile } from './generated-file.ts';

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
}

interface Definition {
  readonly kind: string;
  readonly spec: {
    readonly names: { readonly kind: string; readonly shortNames?: readonly string[] };
    readonly scope: string;
    readonly group: string;
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

/** `docs/reference/api.md`: every field of our kinds, from the descriptions in `crds/`. */
export function apiReference(root: string): GeneratedFile {
  const kinds = readdirSync(join(root, 'crds'))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => load(readFileSync(join(root, 'crds', file), 'utf8')) as Definition)
    .filter(({ kind }) => kind === 'CustomResourceDefinition');
  const text = `# API

Generated from \`crds/\` by \`npm run generate\`. \`kubectl explain\` says the same.

${kinds.map(section).join('\n')}`;
  return { path: 'docs/reference/api.md', text };
}

function section({ spec }: Definition): string {
  const version = spec.versions.at(-1);
  if (version === undefined) return '';
  const { description, properties = {}, required = [] } = version.schema.openAPIV3Schema;
  const short = spec.names.shortNames === undefined ? '' : `, short ${spec.names.shortNames.join(', ')}`;
  const rows = Object.entries(properties)
    .filter(([name]) => !['apiVersion', 'kind', 'metadata'].includes(name))
    .flatMap(([name, schema]) => fields(name, schema, required.includes(name)));
  return `## ${spec.names.kind}

\`${spec.group}/${version.name}\`, ${spec.scope.toLowerCase()}-scoped${short}. ${description ?? ''}

| field | type | meaning |
|---|---|---|
${rows.join('\n')}
`;
}

function fields(path: string, schema: Schema, required: boolean): readonly string[] {
  const inner = schema.items ?? schema;
  const below = schema.items === undefined ? path : `${path}[]`;
  const children = Object.entries(inner.properties ?? {}).flatMap(([name, child]) =>
    fields(`${below}.${name}`, child, inner.required?.includes(name) ?? false),
  );
  return [`| \`${path}\` | ${typeOf(schema)}${required ? ', required' : ''} | ${meaning(schema)} |`, ...children];
}

function typeOf({ type, format, items, additionalProperties }: Schema): string {
  if (type === 'array') return `list of ${typeOf(items ?? {})}`;
  if (additionalProperties !== undefined) return `map of ${typeOf(additionalProperties)}`;
  if (format === 'date-time') return 'time';
  return type ?? 'any';
}

function meaning(schema: Schema): string {
  const values = schema.enum ?? schema.items?.enum;
  const one = values === undefined ? '' : ` One of ${values.map((value) => `\`${value}\``).join(', ')}.`;
  const standard =
    schema.default === undefined || schema.default === ''
      ? ''
      : ` Default: \`${JSON.stringify(schema.default).replaceAll('"', '')}\`.`;
  return `${schema.description ?? ''}${one}${standard}`.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
