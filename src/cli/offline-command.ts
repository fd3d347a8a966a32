import { Option } from 'commander';
import { EXIT, type ExitStatus } from './output/exit-status.ts';
import type { Terminal } from './output/terminal.ts';

/** Runs a command that needs no cluster: its exit status, and what it cannot do, on standard error. Loads what it needs when it is needed. */
export async function runOffline(action: (terminal: Terminal) => Promise<ExitStatus>): Promise<void> {
  const { processTerminal } = await import('./output/terminal.ts');
  const terminal = processTerminal();
  try {
    process.exitCode = await action(terminal);
  } catch (error) {
    const { CommandFailure } = await import('./failure.ts');
    if (!(error instanceof CommandFailure)) throw error;
    const { failureText } = await import('./output/problems.ts');
    terminal.err.write(failureText(error, terminal.err.style));
    process.exitCode = EXIT.badInput;
  }
}

/** `--format`, which goes by `-o` and `--output` too, with these choices; the first is the default. */
export function formatOption(formats: readonly [string, ...string[]]): Option {
  return new Option('-o, --format <format>', 'output format').choices(formats).default(formats[0]);
}

/** `--placeholders`: values for the modifier `expand`. */
export function placeholdersOption(): Option {
  return new Option('--placeholders <file>', 'values for "expand": a ConfigMap, or a YAML map from names to lists');
}

/** For options that may be repeated. */
export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}
