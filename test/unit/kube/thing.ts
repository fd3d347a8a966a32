import { KubeClient, type KubeObject, Resource, type ResourceType } from '../../../src/kube/index.ts';
import type { FakeApiServer } from './fake-api-server.ts';
import { kubeConfigFor } from './kube-config-for.ts';

/** A namespaced kind for tests. */
export interface Thing extends KubeObject {
  readonly spec?: { readonly size?: number; readonly colour?: string };
  readonly status?: { readonly seen?: number };
}

export const thingType: ResourceType = {
  group: 'example.dev',
  version: 'v1',
  kind: 'Thing',
  plural: 'things',
  namespaced: true,
};

/** The things on a test server, and a function that ends the connections. */
export function thingsOn(server: FakeApiServer): {
  things: Resource<Thing>;
  client: KubeClient;
  close: () => Promise<void>;
} {
  const config = kubeConfigFor(server.url);
  const client = new KubeClient(config, { userAgent: 'kube-test/1.0' });
  return { things: new Resource<Thing>(client, thingType), client, close: () => config.close() };
}
