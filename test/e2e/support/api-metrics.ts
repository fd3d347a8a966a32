import type { ApiRequests } from '../../../dev/control-plane/index.ts';

/** The sum of a counter of the API server over all series whose labels include these. */
async function apiServerCounter(
  api: ApiRequests,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<number> {
  const { text } = await api.send({ path: '/metrics', headers: { accept: 'text/plain' } });
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && wanted.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** Writes of Alerts and their statuses that the API server has answered so far. */
export async function alertWrites(api: ApiRequests): Promise<number> {
  const of = async (verb: string) =>
    await apiServerCounter(api, 'apiserver_request_total', { resource: 'alerts', verb, dry_run: '' });
  return (await of('POST')) + (await of('PUT'));
}
