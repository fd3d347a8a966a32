/** What a client needs to reach the API server as somebody. */
export interface KubeconfigContent {
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly user: string;
  readonly token: string;
}

/** A kubeconfig with one context, as JSON, which is YAML. */
export function kubeconfigText({ server, certificateAuthority, user, token }: KubeconfigContent): string {
  const name = 'sigma-operator-control-plane';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [
      {
        name,
        cluster: { server, 'certificate-authority-data': Buffer.from(certificateAuthority).toString('base64') },
      },
    ],
    users: [{ name: user, user: { token } }],
    contexts: [{ name, context: { cluster: name, user } }],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
