import type { CompileOptions } from '../../sigma/index.ts';
import { readPlaceholders } from './placeholders.ts';

/** How rules are compiled, by the options that commands have in common. Throws a CommandFailure. */
export function compileOptions(options: {
  readonly mapping: boolean;
  readonly placeholders?: string | undefined;
}): CompileOptions {
  return {
    ...(options.mapping ? {} : { mapping: 'none' as const }),
    ...(options.placeholders === undefined ? {} : { placeholders: readPlaceholders(options.placeholders) }),
  };
}
