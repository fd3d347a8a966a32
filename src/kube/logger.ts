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

/** An error as a log field: its name and message, and those of its causes, on one line. */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  let at: unknown = error;
  while (at instanceof Error && parts.length < 4) {
    parts.push(at.message || at.name);
    at = at.cause;
  }
  if (typeof at === 'string') parts.push(at);
  return parts.join(': ') || 'unknown error';
}
