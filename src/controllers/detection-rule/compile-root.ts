import { type CompileCollectionOptions, compileCollection } from '../../sigma/index.ts';
import type { Compiled } from './resolve-rule.ts';

/** Compiles a DetectionRule's text. `name` and `resolve` are for correlations, which may refer to other DetectionRules. */
export function compileRoot(sigma: string, options: CompileCollectionOptions = {}): Compiled {
  const result = compileCollection(sigma, options);
  if (!result.ok) return result;
  const { findings, references } = result;
  return result.kind === 'rule'
    ? { ok: true, root: { kind: 'rule', rule: result.rule }, findings, references }
    : { ok: true, root: { kind: 'correlation', correlation: result.correlation }, findings, references };
}
