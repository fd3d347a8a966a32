import { crc32 } from 'node:zlib';
import type { Position } from '../position.ts';

/**
 * A segment is a file: a header of 64 bytes, then records. All numbers are little-endian.
 *
 * | header | bytes |
 * |---|---|
 * | magic | 8 |
 * | generation | 8 |
 * | generation of the segment before it, 0 where there was none | 8 |
 * | length of the segment before it, when it was finished | 8 |
 * | salt, random | 16 |
 * | zeros | 12 |
 * | CRC-32 of all before | 4 |
 *
 * | record | bytes |
 * |---|---|
 * | magic | 4 |
 * | length of the content | 4 |
 * | CRC-32 of the content | 4 |
 * | CRC-32 of the three before | 4 |
 * | content | length |
 *
 * The CRCs of records start from the header's CRC. The salt makes it unknown to whoever writes what is logged, so that
 * nobody can put something that looks like a record inside of one.
 */
export interface SegmentHeader {
  readonly generation: number;
  /** The end of the segment before this one: whoever read up to there has missed nothing. */
  readonly previous: Position;
  readonly salt: Buffer;
}

export const HEADER_LENGTH = 64;
export const RECORD_OVERHEAD = 16;
export const SALT_LENGTH = 16;
/** Holds no byte sequence of UTF-8, so that it is rare in what is logged. */
export const RECORD_MAGIC = Buffer.from([0xff, 0x4a, 0xfe, 0x52]);
const SEGMENT_MAGIC = Buffer.from('sigma-j1', 'latin1');

const CRC_AT = HEADER_LENGTH - 4;

export function encodeHeader({ generation, previous, salt }: SegmentHeader): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  SEGMENT_MAGIC.copy(header);
  header.writeBigUInt64LE(BigInt(generation), 8);
  header.writeBigUInt64LE(BigInt(previous.generation), 16);
  header.writeBigUInt64LE(BigInt(previous.offset), 24);
  salt.copy(header, 32, 0, SALT_LENGTH);
  header.writeUInt32LE(crc32(header.subarray(0, CRC_AT)), CRC_AT);
  return header;
}

/** `undefined` for anything that is not a whole, undamaged header. */
export function decodeHeader(bytes: Buffer): SegmentHeader | undefined {
  if (bytes.length < HEADER_LENGTH || !bytes.subarray(0, 8).equals(SEGMENT_MAGIC)) return undefined;
  if (crc32(bytes.subarray(0, CRC_AT)) !== bytes.readUInt32LE(CRC_AT)) return undefined;
  const number = (at: number): number => Number(bytes.readBigUInt64LE(at));
  return {
    generation: number(8),
    previous: { generation: number(16), offset: number(24) },
    salt: Buffer.from(bytes.subarray(32, 32 + SALT_LENGTH)),
  };
}

/** What the CRCs of a segment's records start from. */
export function recordSeed(header: SegmentHeader): number {
  return crc32(encodeHeader(header));
}

/** The records with these contents, one after the other. */
export function encodeRecords(contents: readonly Buffer[], seed: number): Buffer {
  const length = contents.reduce((sum, content) => sum + RECORD_OVERHEAD + content.length, 0);
  const records = Buffer.allocUnsafe(length);
  let at = 0;
  for (const content of contents) {
    RECORD_MAGIC.copy(records, at);
    records.writeUInt32LE(content.length, at + 4);
    records.writeUInt32LE(crc32(content, seed), at + 8);
    records.writeUInt32LE(crc32(records.subarray(at, at + 12), seed), at + 12);
    content.copy(records, at + RECORD_OVERHEAD);
    at += RECORD_OVERHEAD + content.length;
  }
  return records;
}

/** Length and CRC of the content, from the bytes in front of it; `undefined` where these are damaged. */
export function decodeRecordHeader(bytes: Buffer, seed: number): { length: number; crc: number } | undefined {
  if (!bytes.subarray(0, 4).equals(RECORD_MAGIC)) return undefined;
  if (crc32(bytes.subarray(0, 12), seed) !== bytes.readUInt32LE(12)) return undefined;
  return { length: bytes.readUInt32LE(4), crc: bytes.readUInt32LE(8) };
}

const NAME = /^(\d{16})\.journal$/;

export function segmentName(generation: number): string {
  return `${String(generation).padStart(16, '0')}.journal`;
}

/** The generation in a segment's name; `undefined` for other files. */
export function generationInName(name: string): number | undefined {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
