import {
  type Clock,
  Intakes,
  listenForWebhooks,
  RejectionReports,
  type TlsFiles,
  type WebhookReceiver,
  type WebhookRejection,
} from '../audit/index.ts';

/** Where the engine takes deliveries, and how its senders are told from others. Plain data. */
export interface ListenSpec {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly tls: TlsFiles;
}

/** Requests of a kind that were not taken, and that nobody heard of before. Plain data. */
export interface RejectedRequests extends WebhookRejection {
  /** How many there were, the one described here included. */
  readonly count: number;
}

/** The engine takes deliveries. */
export interface Listening {
  readonly port: number;
  /** Totals since it began: requests that are for no source, and connections that were none. As of a moment ago. */
  rejected(): Readonly<Record<string, number>>;
  /** Takes no more; what is under way is finished, if that is soon. */
  close(): Promise<void>;
}

/** The receiver of an engine. */
export class Receiving implements Listening {
  readonly intakes: Intakes;
  readonly #receiver: WebhookReceiver;
  readonly #reports: RejectionReports;

  /** Rejects where the certificate cannot be used, or the port is taken. */
  static async begin(
    { host, port, tls }: ListenSpec,
    onRejected: (requests: RejectedRequests) => void,
    clock: Clock,
  ): Promise<Receiving> {
    const reports = new RejectionReports(onRejected, clock);
    const receiver = await listenForWebhooks({
      tls,
      host,
      port,
      clock,
      onRejected: (rejection) => reports.add(rejection),
    });
    return new Receiving(receiver, reports, clock);
  }

  private constructor(receiver: WebhookReceiver, reports: RejectionReports, clock: Clock) {
    this.intakes = new Intakes(receiver, clock);
    this.#receiver = receiver;
    this.#reports = reports;
  }

  get port(): number {
    return this.#receiver.port;
  }

  rejected(): Readonly<Record<string, number>> {
    return this.#receiver.status().rejected;
  }

  async close(): Promise<void> {
    await this.#receiver.close();
    await this.intakes.closeAll();
    this.#reports.close();
  }
}
