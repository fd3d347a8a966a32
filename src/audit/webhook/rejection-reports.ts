import type { Clock } from '../clock.ts';
import type { Rejection } from './webhook-receiver.ts';

/** Milliseconds between two reports of the same kind. */
const EVERY = 60_000;
/** Kinds that are told apart: sources are few, and reasons fewer. */
const KINDS = 1000;

interface Kind {
  latest: Rejection;
  unreported: number;
  timer: { cancel(): void };
}

/** Tells of rejected requests, at once of the first of a kind (source and reason), and then once a minute of how many more there were. */
export class RejectionReports {
  readonly #report: (rejections: Rejection & { readonly count: number }) => void;
  readonly #clock: Pick<Clock, 'setTimer'>;
  readonly #kinds = new Map<string, Kind>();

  constructor(report: (rejections: Rejection & { readonly count: number }) => void, clock: Pick<Clock, 'setTimer'>) {
    this.#report = report;
    this.#clock = clock;
  }

  add(rejection: Rejection): void {
    const key = `${rejection.reason} ${rejection.source}`;
    const kind = this.#kinds.get(key);
    if (kind !== undefined) {
      kind.latest = rejection;
      kind.unreported += 1;
      return;
    }
    if (this.#kinds.size >= KINDS) return;
    this.#report({ ...rejection, count: 1 });
    this.#kinds.set(key, { latest: rejection, unreported: 0, timer: this.#later(key) });
  }

  /** Reports nothing more. */
  close(): void {
    for (const { timer } of this.#kinds.values()) timer.cancel();
    this.#kinds.clear();
  }

  #later(key: string): { cancel(): void } {
    return this.#clock.setTimer(EVERY, () => {
      const kind = this.#kinds.get(key);
      if (kind === undefined) return;
      if (kind.unreported === 0) {
        this.#kinds.delete(key);
        return;
      }
      this.#report({ ...kind.latest, count: kind.unreported });
      kind.unreported = 0;
      kind.timer = this.#later(key);
    });
  }
}
