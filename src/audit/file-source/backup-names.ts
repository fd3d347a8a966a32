import { basename, extname } from 'node:path';

/**
 * Whether a name in the same directory is that of a rotated part of the log. Known forms, for `audit.log`, each also
 * with `.gz` behind it:
 * - lumberjack, which kube-apiserver uses: `audit-2026-11-24T05-48-24.739.log`;
 * - logrotate: `audit.log.1`, `audit.log-20261124`, `audit.log-20261124-1764000000`, and with `extension`
 *   `audit.1.log`, `audit-20261124.log`.
 *
 * Anything else is another log, even if it holds audit events.
 */
export function backupMatcher(path: string): (name: string) => boolean {
  const name = basename(path);
  const extension = extname(name);
  const stem = literal(name.slice(0, name.length - extension.length));
  const ext = literal(extension);
  const lumberjack = `-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d{3}${ext}`;
  const day = '-\\d{8}(?:\\d{2}|-\\d{1,12})?';
  const forms = [lumberjack, `${ext}\\.\\d{1,6}`, `${ext}${day}`, `\\.\\d{1,6}${ext}`, `${day}${ext}`];
  const pattern = new RegExp(`^${stem}(?:${forms.join('|')})(?:\\.gz)?$`);
  return (candidate) => candidate !== name && pattern.test(candidate);
}

/** The name of the log that a name is a rotated part of, in the forms of `backupMatcher`; the name itself where it is none. */
export function rotatedLogName(name: string): string {
  const plain = name.replace(/\.gz$/, '');
  for (const form of ROTATED) {
    const found = form.exec(plain);
    if (found !== null) return `${found[1] ?? ''}${found[2] ?? ''}`;
  }
  return plain;
}

const ROTATED = [
  /^(.+?)-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}((?:\.[^.]*)?)$/,
  /^(.+?)-\d{8}(?:\d{2}|-\d{1,12})?(\.[^.]*)$/,
  /^(.+?)\.\d{1,6}(\.[^.]*)$/,
  /^(.+?)\.\d{1,6}()$/,
  /^(.+?)-\d{8}(?:\d{2}|-\d{1,12})?()$/,
];

export function isCompressed(name: string): boolean {
  return name.endsWith('.gz');
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
