import { type BuildProgress, describeProgress, type OnBuildProgress } from './progress.ts';

/** The part of a terminal or file stream that is written to. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** How often a stream that is no terminal gets a line of one phase. */
const LINE_EVERY_MS = 15_000;

/** Prints progress: one line that renews itself on a terminal, else a line at each new phase and every 15 seconds. */
export function progressPrinter(stream: ProgressStream): OnBuildProgress {
  return stream.isTTY === true ? renewOneLine(stream) : printSeldom(stream);
}

function renewOneLine(stream: ProgressStream): OnBuildProgress {
  return (progress) => {
    const lasting = progress.phase === 'starting' || progress.phase === 'built';
    stream.write(`\r\u001B[K${describeProgress(progress)}${lasting ? '\n' : ''}`);
  };
}

function printSeldom(stream: ProgressStream): OnBuildProgress {
  let phase: BuildProgress['phase'] | undefined;
  let printedAt = 0;
  return (progress) => {
    if (progress.phase !== phase || progress.elapsedMs - printedAt >= LINE_EVERY_MS) {
      phase = progress.phase;
      printedAt = progress.elapsedMs;
      stream.write(`${describeProgress(progress)}\n`);
    }
  };
}
