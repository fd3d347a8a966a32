import type { Diagnostic } from '../diagnostics.ts';

/** Where the documentation of this project explains a diagnostic. */
export function diagnosticPage({ code, severity }: Pick<Diagnostic, 'code' | 'severity'>): string {
  return `docs/reference/${severity === 'error' ? 'errors' : 'findings'}.md#${code.toLowerCase()}`;
}
