const MANTISSA = 4294967296;

/** A deterministic source of random numbers: the same on every machine for a seed. */
export interface Random {
  /** 32 bits, unsigned. */
  readonly u32: () => number;
  /** From 0 up to, but without, 1. */
  readonly rnd: () => number;
  /** From 0 up to, but without, `n`. */
  readonly int: (n: number) => number;
  readonly chance: (p: number) => boolean;
  readonly pick: <T>(values: readonly T[]) => T;
}

export function random(u32: () => number): Random {
  const rnd = (): number => u32() / MANTISSA;
  const int = (n: number): number => Math.floor(rnd() * n);
  const pick = <T>(values: readonly T[]): T => {
    const at = int(values.length);
    if (at >= values.length) throw new RangeError('nothing to pick from');
    return values[at] as T;
  };
  return { u32, rnd, int, chance: (p) => rnd() < p, pick };
}

/** SplitMix32. */
export function splitmix(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let t = state ^ (state >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
}

/** sfc32, seeded by SplitMix32. */
export function sfc(seed: number): () => number {
  const next = splitmix(seed);
  let [a, b, c, count] = [next(), next(), next(), next()];
  return () => {
    const t = (((a + b) | 0) + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
}

/** Values by their weights. */
export function weighted<T>({ rnd }: Random, rows: readonly (readonly [weight: number, value: T])[]): () => T {
  let total = 0;
  const ends = rows.map(([weight, value]) => [(total += weight), value] as const);
  return () => {
    const at = rnd() * total;
    const found = ends.find(([end]) => at < end) ?? ends.at(-1);
    if (found === undefined) throw new RangeError('nothing to pick from');
    return found[1];
  };
}
