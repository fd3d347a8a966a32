import { createLogger, format, transports } from 'winston';
import type { LogFields, Logger } from '../kube/index.ts';
import type { LogFormat, LogLevel } from './log-options.ts';

/** A logger to standard error: one JSON object a line, or lines for people. Control characters in values are escaped. */
export function operatorLogger(level: LogLevel, logFormat: LogFormat, stream: NodeJS.WritableStream): Logger {
  const logger = createLogger({
    level,
    format:
      logFormat === 'json'
        ? format.combine(format.timestamp(), format.json(), harmless())
        : format.combine(format.timestamp({ format: 'HH:mm:ss.SSS' }), format.printf(prettyLine), harmless()),
    transports: [new transports.Stream({ stream })],
  });
  // winston pays microseconds for a line that it then does not write: ask first.
  const at = (name: LogLevel) => (message: string, fields?: LogFields) => {
    if (logger.isLevelEnabled(name)) logger.log(name, message, fields);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Where winston keeps the finished line. */
const LINE = Symbol.for('message');

/** JSON escapes C0 controls only: other controls, bidirectional overrides and line separators would still reach a terminal. */
const harmless = format((info) => {
  const line = info[LINE];
  if (typeof line === 'string') info[LINE] = line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);
  return info;
});

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}

function prettyLine({ level, message, timestamp, ...fields }: Readonly<Record<string, unknown>>): string {
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
  return `${String(timestamp)} ${String(level).padEnd(5)} ${escapeControls(String(message))}${rest.join('')}`;
}

function escapeControls(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
}
