import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedFile } from './generated-file.ts';

interface AttackData {
  readonly version: string;
  readonly modified: string;
  readonly source: string;
  readonly notice: string;
  readonly license: string;
  readonly tactics: Readonly<Record<string, object>>;
  readonly retiredTactics: Readonly<Record<string, object>>;
  readonly techniques: Readonly<Record<string, object>>;
}

const DATA = 'dev/generate/data/attack-enterprise.json';

/** The table of ATT&CK tactics and techniques, with MITRE's notice. */
export function attackTable(root: string): GeneratedFile {
  const data: AttackData = JSON.parse(readFileSync(join(root, DATA), 'utf8'));
  const { version, modified, source } = data;
  const text = `// Generated from ${DATA} by \`npm run generate\`. Do not edit.
import type { RetiredTacticRow, TacticRow, TechniqueRow } from './table.ts';

export const ATTACK_RELEASE = { domain: 'enterprise-attack', version: '${version}', modified: '${modified}', source: '${source}' } as const;

export const ATTACK_NOTICE = ${JSON.stringify(data.notice)};

/** MITRE's terms, which every copy has to carry beside the notice. */
export const ATTACK_LICENSE = ${JSON.stringify(data.license)};

/** By short name, in the order of the matrix. */
export const TACTICS: Readonly<Record<string, TacticRow>> = ${table(data.tactics)};

export const RETIRED_TACTICS: Readonly<Record<string, RetiredTacticRow>> = ${table(data.retiredTactics)};

/** By id. */
export const TECHNIQUES: Readonly<Record<string, TechniqueRow>> = ${table(data.techniques)};
`;
  return { path: 'src/catalog/attack/enterprise.generated.ts', text };
}

function table(rows: Readonly<Record<string, object>>): string {
  const lines = Object.entries(rows).map(([key, row]) => `  ${JSON.stringify(key)}: ${JSON.stringify(row)},`);
  return `{\n${lines.join('\n')}\n}`;
}
