/** One sign of life of a build. `elapsedMs` counts from the start of the look-up. */
export type BuildProgress =
  | { readonly phase: 'waiting'; readonly what: string; readonly pid: number; readonly elapsedMs: number }
  | { readonly phase: 'starting'; readonly what: string; readonly estimate: string; readonly elapsedMs: number }
  | { readonly phase: 'downloading'; readonly what: string; readonly modules: number; readonly elapsedMs: number }
  | {
      readonly phase: 'compiling';
      readonly what: string;
      readonly compiled: number;
      /** How many packages there are; those that Go's own cache already has are never compiled, nor counted above. */
      readonly total: number;
      readonly elapsedMs: number;
    }
  | { readonly phase: 'built'; readonly what: string; readonly directory: string; readonly elapsedMs: number };

/** Called at least once a second while something is built. Never called when everything is there already. */
export type OnBuildProgress = (progress: BuildProgress) => void;

/** One line for people. */
export function describeProgress(progress: BuildProgress): string {
  const { what } = progress;
  const elapsed = describeDuration(progress.elapsedMs);
  if (progress.phase === 'waiting') {
    return `Waiting for process ${progress.pid}, which builds ${what}: ${elapsed}`;
  }
  if (progress.phase === 'starting') {
    return `Building ${what} with Go, once: ${progress.estimate}`;
  }
  if (progress.phase === 'downloading') {
    return `Downloading the source of ${what}: ${progress.modules} modules, ${elapsed}`;
  }
  if (progress.phase === 'compiling') {
    return `Compiling ${what}: ${progress.compiled} of at most ${progress.total} packages, ${elapsed}`;
  }
  return `Built ${what} in ${elapsed}`;
}

/** `8 s`, `2 min 05 s`. */
function describeDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 60) {
    return `${seconds} s`;
  }
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
