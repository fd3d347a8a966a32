/** How an API server is to deliver its audit events. Paths are of files on its machine. */
export interface WebhookConfigOptions {
  /** Of the receiver: `https://<host>[:<port>]`. */
  readonly server: string;
  /** The AuditSource's name. */
  readonly source: string;
  /** Which API server it is, where there are several: the node's name. */
  readonly origin?: string | undefined;
  /** PEM: who signed the receiver's certificate. */
  readonly caFile: string;
  readonly credentials: TokenFile | ClientCertificate;
  /** Where the kubeconfig will be. */
  readonly configFile: string;
}

interface TokenFile {
  readonly tokenFile: string;
}

interface ClientCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface WebhookConfig {
  /** A kubeconfig, as plain JSON. It names files, and holds no secret. */
  readonly kubeconfig: object;
  readonly flags: readonly WebhookFlag[];
}

export interface WebhookFlag {
  /** Without the dashes. */
  readonly name: string;
  readonly value: string;
  readonly why: string;
}

const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Something that cannot stand in the configuration. */
export class InvalidWebhook extends Error {
  readonly value: string;

  constructor(value: string, message: string) {
    super(message);
    this.name = 'InvalidWebhook';
    this.value = value;
  }
}

/** The kubeconfig and the flags of kube-apiserver. Throws `InvalidWebhook` where a name or the address is none. */
export function webhookConfig(options: WebhookConfigOptions): WebhookConfig {
  const { caFile, configFile, credentials } = options;
  const user =
    'tokenFile' in credentials
      ? { tokenFile: credentials.tokenFile }
      : { 'client-certificate': credentials.certFile, 'client-key': credentials.keyFile };
  const name = 'sigma-operator';
  return {
    kubeconfig: {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster: { server: deliveryUrl(options), 'certificate-authority': caFile } }],
      users: [{ name, user }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      'current-context': name,
    },
    flags: [flag('audit-webhook-config-file', configFile, 'the kubeconfig'), ...FLAGS],
  };
}

function deliveryUrl({ server, source, origin }: WebhookConfigOptions): string {
  const url = URL.parse(server);
  const isBase =
    url !== null && url.protocol === 'https:' && url.pathname === '/' && url.search === '' && url.hash === '';
  if (!isBase || url.username !== '')
    throw new InvalidWebhook(server, 'The address of the receiver is not https://<host>[:<port>].');
  for (const name of [source, origin ?? source])
    if (!NAME.test(name)) throw new InvalidWebhook(name, 'This is not the name of an AuditSource or of a node.');
  return `${url.origin}/audit/${source}${origin === undefined ? '' : `/${origin}`}`;
}

/** What differs from kube-apiserver's defaults. */
const FLAGS: readonly WebhookFlag[] = Object.freeze([
  flag('audit-webhook-batch-max-wait', '1s', 'an alert would wait for up to 30 s'),
  flag(
    'audit-webhook-batch-buffer-size',
    '20000',
    'what does not fit is dropped: this is five seconds at the highest rate',
  ),
  flag('audit-webhook-initial-backoff', '15s', 'five attempts then bridge two minutes without a receiver'),
  flag('audit-webhook-truncate-enabled', 'true', 'an event of any size could stop the delivery of its batch'),
  flag(
    'audit-webhook-truncate-max-event-size',
    String(8 * 1024 * 1024),
    'bodies are cut off at 100 KiB, which is little',
  ),
  flag('audit-webhook-truncate-max-batch-size', String(10 * 1024 * 1024), 'longer batches are split'),
]);

function flag(name: string, value: string, why: string): WebhookFlag {
  return Object.freeze({ name, value, why });
}
