export { progressPrinter } from '../go-tools/index.ts';
export { type SupervisedProcess, stopOnSignals } from '../supervisor/index.ts';
export { type ApiAnswer, type ApiRequest, ApiRequests } from './api-requests.ts';
export { auditLogFiles, wholeLinesOf } from './audit-log-files.ts';
export type { AuditOptions, AuditPolicy } from './audit-options.ts';
export { type Binaries, findOrBuildBinaries } from './binaries.ts';
export type { ControlPlane } from './control-plane.ts';
export { ControlPlaneError } from './control-plane-error.ts';
export type { KubectlResult } from './kubectl.ts';
export type {
  ApiServerChanges,
  ApiServerStop,
  ControlPlaneOptions,
  Identity,
  KubectlOptions,
  UnexpectedExit,
} from './options.ts';
export { startControlPlane } from './start-control-plane.ts';
export type { User } from './users.ts';
