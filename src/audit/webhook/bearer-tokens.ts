import { hash, timingSafeEqual } from 'node:crypto';

const SHORTEST = 16;

/** Tokens that are let in. It keeps their digests only. */
export class BearerTokens {
  readonly #digests: readonly Buffer[];

  /** One a line; empty lines, and lines that begin with `#`, are left out. Throws where one is too short to be secret. */
  static parse(text: string): BearerTokens {
    const tokens = text.split('\n').map((line) => line.trim());
    const used = tokens.filter((token) => token !== '' && !token.startsWith('#'));
    if (used.some((token) => token.length < SHORTEST)) {
      throw new Error(`a token is shorter than ${SHORTEST} characters`);
    }
    return new BearerTokens(used);
  }

  private constructor(tokens: readonly string[]) {
    this.#digests = tokens.map(digest);
  }

  /** Whether there is none. */
  get isEmpty(): boolean {
    return this.#digests.length === 0;
  }

  /** Of an `Authorization` header. Takes the same time whichever token it is, and how much of it is right. */
  admits(authorization: string | undefined): boolean {
    const token = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return false;
    const candidate = digest(token);
    return this.#digests.reduce((admitted, known) => timingSafeEqual(known, candidate) || admitted, false);
  }
}

function digest(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
