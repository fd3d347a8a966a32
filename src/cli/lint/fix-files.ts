import { readFileSync, writeFileSync } from 'node:fs';
import { applyFixes } from '../../sigma/index.ts';
import type { LoadedRules } from '../rules/loaded.ts';
import { type FileFinding, fileFindings } from './file-finding.ts';

/** Fixes may reveal others, and those that overlap have to wait for one another. */
const MAX_PASSES = 10;

/** What fixing left, and how much it did. */
export interface FixResult {
  readonly loaded: LoadedRules;
  readonly findings: readonly FileFinding[];
  readonly fixed: number;
  readonly files: ReadonlySet<string>;
}

/**
 * Applies the safe fixes to files, again and again until there are none. A fix after which a rule would no longer compile is taken back. @param load reads the
 * files anew.
 */
export function fixFiles(load: () => LoadedRules): FixResult {
  const files = new Set<string>();
  const given = new Set<string>();
  let fixed = 0;
  let loaded = load();
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const fixable = fileFindings(loaded).filter(({ fix, file }) => fix !== undefined && !given.has(file));
    if (fixable.length === 0) break;
    for (const [file, findings] of Map.groupBy(fixable, (finding) => finding.file)) {
      const before = readFileSync(file, 'utf8');
      const { text, applied } = applyFixes(
        before,
        findings.map(({ fix }) => fix ?? []),
      );
      writeFileSync(file, text);
      const after = load();
      if (problemsIn(after, file) > problemsIn(loaded, file)) {
        writeFileSync(file, before);
        given.add(file);
      } else {
        fixed += applied;
        files.add(file);
      }
    }
    loaded = load();
  }
  return { loaded, findings: fileFindings(loaded), fixed, files };
}

function problemsIn({ problems }: LoadedRules, file: string): number {
  return problems.filter((problem) => problem.file === file).length;
}
