import type { AuditFormat } from '../formats/audit-format.ts';
import type { Journal } from '../journal/journal.ts';
import { BearerTokens } from './bearer-tokens.ts';
import type { Delivery } from './delivery.ts';
import { DeliveryWindow, type WindowLimits } from './delivery-window.ts';
import { REJECTIONS, type RejectionReason } from './rejection.ts';
import { WatchedFiles } from './watched-files.ts';

/** How deliveries to one AuditSource are taken. */
export interface InletOptions {
  readonly journal: Journal;
  /** Of what comes to `/events`; what comes to `/audit` is kube-apiserver's. `Auto` by default. */
  readonly format?: AuditFormat | undefined;
  /** Bearer tokens, one a line. Without the file there are none: taking it away shuts out whoever had one. */
  readonly tokenFile?: string | undefined;
  /** Common names of client certificates that may deliver; any of the client CA's where it is absent. */
  readonly clientNames?: readonly string[] | undefined;
  /**
   * When a delivery is acknowledged. `Synced`: when it is safe on disk. `Consumed`: when it was evaluated and the
   * checkpoint stored, for a disk that does not outlive the pod.
   */
  readonly acknowledge?: 'Synced' | 'Consumed' | undefined;
  readonly window?: WindowLimits | undefined;
}

/** Totals since the start. */
export interface InletCounts {
  readonly deliveries: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly ignored: number;
  readonly bytes: number;
  readonly rejected: Readonly<Record<RejectionReason, number>>;
}

/** Where the deliveries to one AuditSource go in. */
export class Inlet {
  readonly options: InletOptions;
  readonly window: DeliveryWindow;
  readonly tokens: WatchedFiles<BearerTokens> | undefined;
  readonly rejected = noRejections();
  #deliveries = 0;
  #accepted = 0;
  #duplicates = 0;
  #ignored = 0;
  #bytes = 0;

  /** Reads the newest part of the journal, so that what is delivered again is recognised. */
  static async open(options: InletOptions): Promise<Inlet> {
    const { tokenFile } = options;
    const tokens =
      tokenFile === undefined
        ? undefined
        : await WatchedFiles.open([tokenFile], ([text]) => BearerTokens.parse(text?.toString('utf8') ?? ''), true);
    return new Inlet(options, await DeliveryWindow.open(options.journal, options.window), tokens);
  }

  private constructor(options: InletOptions, window: DeliveryWindow, tokens: WatchedFiles<BearerTokens> | undefined) {
    this.options = options;
    this.window = window;
    this.tokens = tokens;
  }

  counts(): InletCounts {
    return {
      deliveries: this.#deliveries,
      accepted: this.#accepted,
      duplicates: this.#duplicates,
      ignored: this.#ignored,
      bytes: this.#bytes,
      rejected: { ...this.rejected },
    };
  }

  /** @param taken whether all of it was */
  count(delivery: Delivery, taken: boolean): void {
    if (taken) this.#deliveries += 1;
    this.#accepted += delivery.accepted;
    this.#duplicates += delivery.duplicates;
    this.#ignored += delivery.ignored;
    this.#bytes += delivery.bytes;
  }
}

export function noRejections(): Record<RejectionReason, number> {
  const entries = Object.keys(REJECTIONS).map((reason) => [reason, 0]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys are those of the type
  return Object.fromEntries(entries) as Record<RejectionReason, number>;
}
