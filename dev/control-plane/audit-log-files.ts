import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Paths of an audit log and its backups, compressed or not. One that is just being compressed is there twice. */
export function auditLogFiles(directory: string): readonly string[] {
  const names = readdirSync(directory).filter((name) => /\.log(\.gz)?$/.test(name));
  return names
    .filter((name) => !name.endsWith('.gz') || !names.includes(name.slice(0, -'.gz'.length)))
    .map((name) => join(directory, name));
}

/** Whole lines only: the last one may be half written. */
export function wholeLinesOf(file: string): readonly string[] {
  const content = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(content) : content).toString('utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '');
}
