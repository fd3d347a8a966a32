import type { WebhookReceiver, WebhookReceiverOptions } from './webhook-receiver.ts';

/** `WebhookReceiver.listen`. The receiver, and Node's TLS, are loaded when they are first asked for: commands that only read logs start sooner. */
export async function listenForWebhooks(options: WebhookReceiverOptions): Promise<WebhookReceiver> {
  const { WebhookReceiver } = await import('./webhook-receiver.ts');
  return await WebhookReceiver.listen(options);
}
