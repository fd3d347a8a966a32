import { hash } from 'node:crypto';
import type { Fingerprint } from '../checkpoint.ts';
import { decodeAuditLine, decodeStrippedLine } from '../decode/decode-line.ts';
import { type Line, LineSplitter } from '../decode/line-splitter.ts';
import { parseTimestamp } from '../timestamp.ts';
import type { ByteReader } from './byte-reader.ts';

/**
 * What a file is, whatever its name, inode or compression: its first audit event. kube-apiserver writes no two events
 * alike (the line ends with the time, in microseconds), so the whole line is hashed: a prefix is in the caller's hands.
 */
export interface FileIdentity {
  readonly fingerprint: Fingerprint;
  /** stageTimestamp of the first event, as it stands there. */
  readonly firstTime: string;
  /** The same in microseconds. */
  readonly firstMicros: number;
  /** Bytes of the first event's line, to recognise cheaply that a file still has the content that it had. */
  readonly probes: readonly Probe[];
}

export interface Probe {
  readonly offset: number;
  readonly bytes: Buffer;
}

/** Where looking for the first event goes on, when a file that had none has grown. */
export interface Unidentified {
  readonly scannedTo: number;
}

const PROBE_BYTES = 2048;

/** Reads on until the first whole line that is an audit event with a time. Everything before it may be anything. */
export async function identify(reader: ByteReader, lineLimit: number, from = 0): Promise<FileIdentity | Unidentified> {
  const splitter = new LineSplitter(lineLimit, from);
  for (let piece = await reader.read(splitter.pushed); piece.length > 0; piece = await reader.read(splitter.pushed)) {
    splitter.push(piece);
    for (let line = splitter.next(); line !== undefined; line = splitter.next()) {
      const identity = identityOf(line);
      if (identity !== undefined) return identity;
    }
  }
  return { scannedTo: splitter.consumed };
}

export function isIdentified(result: FileIdentity | Unidentified): result is FileIdentity {
  return 'fingerprint' in result;
}

function identityOf(line: Line): FileIdentity | undefined {
  const bytes = line.bytes ?? line.stripped;
  if (bytes === undefined || bytes.length === 0) return undefined;
  const decoded = line.bytes === undefined ? decodeStrippedLine(line.stripped) : decodeAuditLine(bytes);
  if (decoded.kind !== 'event') return undefined;
  const firstTime = decoded.event.stageTimestamp;
  const firstMicros = parseTimestamp(firstTime);
  if (firstTime === undefined || firstMicros === undefined) return undefined;
  return {
    fingerprint: hash('sha256', bytes, 'base64url').slice(0, 22),
    firstTime,
    firstMicros,
    probes: line.bytes === undefined ? [] : probes(line.start, line.bytes),
  };
}

function probes(start: number, bytes: Buffer): readonly Probe[] {
  if (bytes.length <= 2 * PROBE_BYTES) return [{ offset: start, bytes: Buffer.from(bytes) }];
  const tail = bytes.length - PROBE_BYTES;
  return [
    { offset: start, bytes: Buffer.from(bytes.subarray(0, PROBE_BYTES)) },
    { offset: start + tail, bytes: Buffer.from(bytes.subarray(tail)) },
  ];
}
