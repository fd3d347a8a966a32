/** The name, command line and log file of a process that a supervisor starts. */
export interface ProcessSpec {
  /** Shown in errors and used for nothing else. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Standard output and standard error are appended here. */
  readonly logFile: string;
  /** What an orderly stop sends first. SIGKILL for processes whose data is thrown away with them. */
  readonly stopSignal: NodeJS.Signals;
}

/** How a process ended: exactly one of `code` and `signal` is not null. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What the caller asks of the supervisor process. Every request but `release` is answered. */
export type Request =
  | { readonly type: 'start'; readonly id: number; readonly spec: ProcessSpec }
  | { readonly type: 'signal'; readonly id: number; readonly signal: NodeJS.Signals }
  | { readonly type: 'stop'; readonly graceMs: number };

/** Processes that the caller itself started, to be killed with the others. Not answered. */
export type Notice = { readonly type: 'adopt' | 'release'; readonly pid: number };

export type ToSupervisor = { readonly request: number; readonly body: Request } | Notice;

/** What the supervisor process says. */
export type FromSupervisor =
  | { readonly type: 'ready'; readonly directory: string }
  | { readonly type: 'answer'; readonly request: number; readonly pid?: number; readonly error?: string }
  | { readonly type: 'exited'; readonly id: number; readonly exit: ProcessExit };
