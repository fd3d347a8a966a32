/** Between two places of a line, in bytes. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where the bodies of an event stand in its line. They are known to be JSON. */
export interface BodyPlaces {
  /** Of both together, each with its key and the comma before. */
  readonly all: Span;
  /** Of the values. */
  readonly requestObject: Span | undefined;
  readonly responseObject: Span | undefined;
}

/**
 * Parses a line except for the bodies, which are parsed when they are first read: that is much of some lines, and few ask for it. Throws as JSON.parse does where the rest is no JSON.
 */
export function parseWithLateBodies(line: Buffer, { all, requestObject, responseObject }: BodyPlaces): unknown {
  const before = line.toString('utf8', 0, all.from);
  const event: unknown = JSON.parse(
    `${before}${placeholder('requestObject', requestObject)}${placeholder('responseObject', responseObject)}${line.toString('utf8', all.to)}`,
  );
  if (typeof event !== 'object' || event === null) return event;
  if (requestObject !== undefined) parseLate(event, 'requestObject', textOf(line, requestObject));
  if (responseObject !== undefined) parseLate(event, 'responseObject', textOf(line, responseObject));
  return event;
}

/** Keeps the place of a key among the others. */
function placeholder(key: string, body: Span | undefined): string {
  return body === undefined ? '' : `,"${key}":null`;
}

function textOf(line: Buffer, { from, to }: Span): string {
  return line.toString('utf8', from, to);
}

function parseLate(event: object, key: string, text: string): void {
  let unparsed: string | undefined = text;
  let body: unknown;
  const get = (): unknown => {
    if (unparsed !== undefined) body = JSON.parse(unparsed);
    unparsed = undefined;
    return body;
  };
  Object.defineProperty(event, key, { get, enumerable: true, configurable: true });
}
