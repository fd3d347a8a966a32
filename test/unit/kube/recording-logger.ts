import type { LogFields, Logger } from '../../../src/kube/index.ts';

export interface Line {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** Keeps what is logged. */
export class RecordingLogger implements Logger {
  readonly lines: Line[] = [];
  debug = (message: string, fields?: LogFields) => void this.lines.push({ level: 'debug', message, fields });
  info = (message: string, fields?: LogFields) => void this.lines.push({ level: 'info', message, fields });
  warn = (message: string, fields?: LogFields) => void this.lines.push({ level: 'warn', message, fields });
  error = (message: string, fields?: LogFields) => void this.lines.push({ level: 'error', message, fields });

  at(level: keyof Logger): Line[] {
    return this.lines.filter((line) => line.level === level);
  }
}
