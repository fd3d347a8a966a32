import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiRequests } from '../control-plane/index.ts';
import { ALERTS_PATH, listAlerts } from './alert-counts.ts';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';

const PAUSE = 700;
const STATES = ['Open', 'Acknowledged', 'Resolved', 'FalsePositive'] as const;

/** olga works through the Alerts, whether the API server answers or not, until the signal aborts. */
export async function triage(api: ApiRequests, random: Random, tally: Tally, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const alerts = await listAlerts(api);
      if (alerts.length > 0) {
        const path = `${ALERTS_PATH}/${random.pick(alerts).metadata.name}`;
        const body = { triage: { state: random.pick(STATES), by: 'olga', comment: `dice ${random.next()}` } };
        const { code } = await api.send({ method: 'PATCH', path, as: 'olga', body });
        if (code === 200) tally.triaged += 1;
      }
    } catch {
      // The API server is away.
    }
    await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
  }
}
