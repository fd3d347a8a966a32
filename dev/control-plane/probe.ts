import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeExit, type SupervisedProcess } from '../supervisor/index.ts';
import { ControlPlaneError } from './control-plane-error.ts';

/** What to ask the API server, and as whom. */
export interface ProbeTarget {
  readonly server: string;
  /** Path of its certificate, which appears while it starts. */
  readonly certificateAuthority: string;
  readonly token: string;
}

const EVERY_MS = 100;
const REQUEST_TIMEOUT_MS = 2000;

/**
 * Asks for `path` ten times a second until the answer is 200. Rejects at once with ComponentDied or AddressInUse when one of
 * `needed` ends, and with NotReady after `timeoutMs`.
 */
export async function waitUntilAnswered(
  target: ProbeTarget,
  path: string,
  needed: readonly SupervisedProcess[],
  timeoutMs: number,
): Promise<void> {
  const over = new AbortController();
  const firstDeath = Promise.race(needed.map(deathOf));
  try {
    await Promise.race([firstDeath, poll(target, path, needed, timeoutMs, over.signal)]);
  } finally {
    over.abort();
  }
}

async function deathOf(component: SupervisedProcess): Promise<never> {
  await component.exited;
  throw componentDied(component);
}

async function poll(
  target: ProbeTarget,
  path: string,
  needed: readonly SupervisedProcess[],
  timeoutMs: number,
  over: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask(target, path, over);
    if (answer === 200 || over.aborted) {
      return;
    }
    if (performance.now() > deadline) {
      const logs = needed.map((component) => `${component.name}:\n${component.logTail()}`).join('\n');
      throw new ControlPlaneError(
        'NotReady',
        `${target.server}${path} did not answer 200 within ${Math.round(timeoutMs / 1000)} s (last: ${answer}).\n${logs}`,
        'See the logs above. A machine under heavy load may need a longer startTimeoutMs.',
      );
    }
    await sleep(EVERY_MS);
  }
}

/** What a component's death during its start means. */
function componentDied(component: SupervisedProcess): ControlPlaneError {
  const log = component.logTail();
  const exit = component.exit === null ? 'runs' : describeExit(component.exit);
  const message = `${component.name} ended (${exit}). The end of its log:\n${log}`;
  return log.includes('address already in use')
    ? new ControlPlaneError('AddressInUse', message, 'Another program took the port; start again.')
    : new ControlPlaneError('ComponentDied', message, 'See its log above.');
}

/** The status code, or why there is none. */
function ask(
  { server, certificateAuthority, token }: ProbeTarget,
  path: string,
  signal: AbortSignal,
): Promise<number | string> {
  let ca: string;
  try {
    ca = readFileSync(certificateAuthority, 'utf8');
  } catch {
    return Promise.resolve('no certificate yet');
  }
  return new Promise((resolve) => {
    const outgoing = request(
      `${server}${path}`,
      { ca, agent: false, headers: { authorization: `Bearer ${token}` }, timeout: REQUEST_TIMEOUT_MS, signal },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    outgoing.once('timeout', () => outgoing.destroy(new Error('timeout')));
    outgoing.once('error', (error) => resolve(error.message));
    outgoing.end();
  });
}
