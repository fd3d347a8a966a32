import type { RuleText } from '../../engine/index.ts';
import { type CompileOptions, compileCollection, type ResolvedReference } from '../../sigma/index.ts';
import type { AcceptedVersion, Compiled } from './resolve-rule.ts';

export interface CompileRootOptions extends Pick<CompileOptions, 'placeholders' | 'shared'> {
  /** Of the DetectionRule. */
  readonly name?: string;
  /** Finds the DetectionRule that a reference means. */
  readonly resolve?: (reference: string) => FoundRule | undefined;
}

/** What a reference to another DetectionRule stands for. */
export type FoundRule =
  | { readonly kind: 'accepted'; readonly version: AcceptedVersion }
  | { readonly kind: 'refused' }
  | { readonly kind: 'ambiguous' };

/** Of most rules. */
const NONE: ReadonlyMap<string, never> = new Map<string, never>();

/** Compiles a DetectionRule's text, and keeps with what was accepted everything that it was compiled with. */
export function compileRoot(sigma: string, options: CompileRootOptions = {}): Compiled {
  const { name = '' } = options;
  const placeholders = new Map<string, readonly string[]>();
  const references = new Map<string, RuleText>();
  const result = compileCollection(sigma, {
    ...(options.shared !== undefined && { shared: options.shared }),
    name,
    placeholders: (placeholder) => {
      const values = options.placeholders?.(placeholder);
      if (values !== undefined) placeholders.set(placeholder, values);
      return values;
    },
    resolve: (reference) => {
      const found = options.resolve?.(reference);
      if (found?.kind === 'accepted') references.set(reference, found.version.text);
      return resolved(found);
    },
  });
  if (!result.ok) return result;
  const { findings } = result;
  const text = {
    name,
    sigma,
    placeholders: placeholders.size > 0 ? placeholders : NONE,
    references: references.size > 0 ? references : NONE,
  };
  return result.kind === 'rule'
    ? { ok: true, root: { kind: 'rule', rule: result.rule }, text, findings, references: result.references }
    : {
        ok: true,
        root: { kind: 'correlation', correlation: result.correlation },
        text,
        findings,
        references: result.references,
      };
}

function resolved(found: FoundRule | undefined): ResolvedReference | undefined {
  return found?.kind === 'accepted' ? { name: found.version.text.name, ...found.version.root } : found;
}
