import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificate } from '../../unit/audit/certificates.ts';
import { ROOT } from './bundle.ts';
import { eventually } from './eventually.ts';
import type { OperatorProcess } from './operator-process.ts';
import type { TestCluster } from './test-cluster.ts';

export const API_SERVER = 'cp-1';
export const TOKEN = 'the-token-of-the-api-server';

/** The receiver of a cluster, as the manifests and the documentation set it up, and an API server that delivers to it. */
export class Receiver {
  readonly #cluster: TestCluster;
  readonly #directory: string;
  #port = 0;
  operator: OperatorProcess;

  private constructor(cluster: TestCluster, directory: string, operator: OperatorProcess) {
    this.#cluster = cluster;
    this.#directory = directory;
    this.operator = operator;
  }

  /** Resolves when the API server delivers. @param spec of the AuditSource `webhook`, beside what the component has */
  static async start(cluster: TestCluster, spec: object = {}): Promise<Receiver> {
    const directory = join(cluster.plane.directory, 'webhook');
    mkdirSync(join(directory, 'tokens'), { recursive: true });
    const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
    const ca = certificate({ name: 'sigma-operator-webhook-ca', use: 'ca' });
    const server = certificate({ name: 'sigma-operator-webhook', issuer: ca });
    for (const [name, text] of Object.entries({ 'ca.crt': ca.cert, 'tls.crt': server.cert, 'tls.key': server.key }))
      write(name, text);
    write('token', TOKEN);
    write('tokens/webhook', `${TOKEN}\n`);
    const component = join(ROOT, 'manifests/components/webhook-receiver/audit-source.yaml');
    await cluster.kubectl(['apply', '-f', component]);
    await cluster.kubectl(['patch', 'auditsource', 'webhook', '--type=merge', '-p', JSON.stringify({ spec })]);
    const receiver = new Receiver(cluster, directory, await launch(cluster, directory, 0));
    await receiver.#receiving();
    await receiver.#configureApiServer();
    return receiver;
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  /** After it was killed or stopped. Resolves when it listens. */
  async restart(): Promise<void> {
    this.operator = await launch(this.#cluster, this.#directory, this.#port);
    await this.#receiving();
  }

  /** Resolves when everything that was logged up to this time was delivered and counted. */
  async countedUpTo(time: string): Promise<void> {
    await eventually(async () => {
      const last = await this.operator.metric('sigma_operator_source_last_event_timestamp_seconds', {
        source: 'webhook',
      });
      if (last * 1000 < Date.parse(time))
        throw new Error(`counted up to ${new Date(last * 1000).toISOString()}, not ${time}`);
    }, 90_000);
  }

  async #receiving(): Promise<void> {
    await eventually(async () => {
      const line = this.operator.logs.find(({ message }) => message === 'receiving audit webhooks');
      if (line === undefined) throw new Error(`not receiving yet:\n${this.operator.process.logTail(5)}`);
      this.#port = Number(line['port']);
      const { code, text } = await this.operator.get('/readyz');
      if (code !== 200) throw new Error(text);
    }, 60_000);
  }

  async #configureApiServer(): Promise<void> {
    const config = (format: string): string =>
      execFileSync(
        process.execPath,
        [
          this.#cluster.bundle,
          'webhook-config',
          `--server=${this.url}`,
          '--source=webhook',
          `--api-server=${API_SERVER}`,
          `--directory=${this.#directory}`,
          `--format=${format}`,
        ],
        { encoding: 'utf8' },
      );
    writeFileSync(join(this.#directory, 'webhook.yaml'), config('yaml'));
    await this.#cluster.plane.restartApiServer({ flags: config('flags').trimEnd().split('\n') });
  }
}

async function launch(cluster: TestCluster, directory: string, port: number): Promise<OperatorProcess> {
  const file = (name: string): string => join(directory, name);
  return await cluster.launchOperator({
    replica: 'receiver',
    flags: [
      `--webhook-listen=127.0.0.1:${port}`,
      `--webhook-tls-cert=${file('tls.crt')}`,
      `--webhook-tls-key=${file('tls.key')}`,
      `--webhook-tokens=${file('tokens')}`,
    ],
  });
}
