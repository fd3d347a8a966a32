/** An error as it crosses. */
export interface ErrorData {
  readonly code: string;
  readonly message: string;
  readonly stack?: string | undefined;
}

/** What went wrong in an engine. Its partitions are to be opened anew. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  /**
   * - `EngineEnded`: the engine's thread ended, by an error that nobody caught or because no memory was left
   * - `EngineClosed`: it was closed
   * - `ReaderBusy`: a partition was asked for a batch or its state while a batch of it was under way, or failed
   * - `EngineFailed`: an error without a code of its own; else the code of the error
   */
  readonly code: string;

  constructor({ code, message, stack }: ErrorData) {
    super(message);
    this.code = code;
    if (stack !== undefined) this.stack = stack;
  }
}

export function errorData(error: unknown): ErrorData {
  if (!(error instanceof Error)) return { code: 'EngineFailed', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'EngineFailed';
  return { code, message: error.message, stack: error.stack };
}
