import type { Draw } from './draw.ts';

type Value = string | number | boolean;

/** The items of a selection: fields with modifiers, and what they are compared with. */
export type Items = Readonly<Record<string, Value | readonly Value[]>>;

export interface Detection {
  readonly selections: Readonly<Record<string, Items>>;
  readonly condition: string;
}

/** A kind of rules. */
export interface Shape {
  readonly weight: number;
  readonly name: string;
  readonly detection: (draw: Draw) => Detection;
}

/** A detection of one selection. */
export function selection(items: Items): Detection {
  return { selections: { selection: items }, condition: 'selection' };
}

/** The `detection` of a rule, in YAML. */
export function detectionText({ selections, condition }: Detection): string {
  const texts = Object.entries(selections).map(([name, items]) => selectionText(name, items));
  return `detection:\n${texts.join('')}  condition: ${condition}\n`;
}

function selectionText(name: string, items: Items): string {
  const lines = Object.entries(items).map(([field, value]) =>
    isList(value)
      ? `    ${field}:\n${value.map((one) => `      - ${quoted(one)}\n`).join('')}`
      : `    ${field}: ${quoted(value)}\n`,
  );
  return `  ${name}:\n${lines.join('')}`;
}

function isList(value: Value | readonly Value[]): value is readonly Value[] {
  return Array.isArray(value);
}

function quoted(value: Value): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}
