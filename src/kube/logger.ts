/** What is logged beside the message: small, flat, and never a whole object of the cluster. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The logger that this room writes to. Injected; nothing here touches the console. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const ignore = (): void => undefined;

/** Says nothing. The default wherever a logger is optional. */
export const silentLogger: Logger = Object.freeze({ debug: ignore, info: ignore, warn: ignore, error: ignore });

/** An error as a log field: its message and those of its causes, as far as they say more, on one line. */
export function describeError(error: unknown): string {
  let text = '';
  let at: unknown = error;
  for (let depth = 0; at instanceof Error && depth < 4; depth++) {
    const message = at.message || at.name;
    if (!text.includes(message)) text += text === '' ? message : `: ${message}`;
    at = at.cause;
  }
  if (typeof at === 'string' && !text.includes(at)) text += text === '' ? at : `: ${at}`;
  return text || 'unknown error';
}
