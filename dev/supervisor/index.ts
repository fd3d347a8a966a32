export { stopOnSignals } from './stop-on-signals.ts';
export { describeExit, SupervisedProcess } from './supervised-process.ts';
export { type StartOptions, Supervisor, startSupervisor } from './supervisor.ts';
