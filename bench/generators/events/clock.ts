import type { Random } from '../random.ts';

const START = Date.UTC(2026, 9, 5, 6, 0, 0) * 1000;

/** The time of the cluster, in microseconds, and the resource versions that it counts up. */
export interface Clock {
  readonly now: () => number;
  readonly advance: () => void;
  readonly nextRv: () => string;
}

export function clock({ int }: Random): Clock {
  let now = START;
  let version = 918273645;
  return {
    now: () => now,
    advance: () => {
      now += 1500 + int(9000);
    },
    nextRv: () => String((version += 1 + int(9))),
  };
}

/** As kube-apiserver writes a MicroTime. */
export function ts(us: number): string {
  const ms = Math.floor(us / 1000);
  return `${new Date(ms).toISOString().slice(0, 23)}${String(us - ms * 1000).padStart(3, '0')}Z`;
}
