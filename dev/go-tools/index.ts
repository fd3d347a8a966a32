export { findOrBuild, isExecutable } from './find-or-build.ts';
export type { GoTools } from './go-tool.ts';
export { GoToolError } from './go-tool-error.ts';
export type { BuildProgress, OnBuildProgress } from './progress.ts';
export { progressPrinter } from './progress-printer.ts';
