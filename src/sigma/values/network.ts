/** An IPv4 (4 bytes) or IPv6 (16 bytes) network. */
export interface Network {
  readonly text: string;
  readonly bytes: readonly number[];
  /** Leading bits that count. */
  readonly prefix: number;
}

/** Parses `address/prefix`; undefined where it is malformed or has bits set behind the prefix. An address alone is a network of one. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', prefixText, ...rest] = text.split('/');
  const bytes = parseAddress(address);
  if (bytes === undefined || rest.length > 0) return undefined;
  const bits = bytes.length * 8;
  if (prefixText !== undefined && !/^\d{1,3}$/.test(prefixText)) return undefined;
  const prefix = prefixText === undefined ? bits : Number(prefixText);
  if (prefix > bits) return undefined;
  for (let i = 0; i < bytes.length; i++) {
    if (((bytes[i] ?? 0) & ~maskOf(prefix - i * 8) & 0xff) !== 0) return undefined;
  }
  return Object.freeze({ text, bytes: Object.freeze(bytes), prefix });
}

/** Whether an address, as text, lies in a network; an IPv4 address written in IPv6 (`::ffff:10.0.0.1`) counts as IPv4. */
export function networkContains(network: Network, address: string): boolean {
  let bytes = parseAddress(address.replace(/%.*$/, ''));
  if (bytes === undefined) return false;
  if (bytes.length === 16 && network.bytes.length === 4 && isMappedIpv4(bytes)) bytes = bytes.slice(12);
  if (bytes.length !== network.bytes.length) return false;
  return bytes.every((byte, i) => ((byte ^ (network.bytes[i] ?? 0)) & maskOf(network.prefix - i * 8)) === 0);
}

/** The mask of a byte of which `bits` leading bits count. */
function maskOf(bits: number): number {
  if (bits >= 8) return 0xff;
  return bits <= 0 ? 0 : (0xff00 >> bits) & 0xff;
}

function isMappedIpv4(bytes: readonly number[]): boolean {
  return bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
}

/** The bytes of an address (4 or 16), or undefined. */
function parseAddress(text: string): number[] | undefined {
  if (text.length > 45) return undefined;
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255))
    return undefined;
  return parts.map(Number);
}

function parseIpv6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? '');
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '') : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 2 ? missing < 2 : missing !== 0) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

function parseGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [i, group] of groups.entries()) {
    if (group.includes('.')) {
      const ipv4 = i === groups.length - 1 ? parseIpv4(group) : undefined;
      if (ipv4 === undefined) return undefined;
      bytes.push(...ipv4);
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined;
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    }
  }
  return bytes;
}
