import { createServer } from 'node:net';
import { join } from 'node:path';
import type { SupervisedProcess } from '../supervisor/index.ts';
import type { RunningOperator } from './demo-cluster.ts';
import { KeptRunning } from './kept-running.ts';
import { waitUntil } from './wait-until.ts';

const program = join(import.meta.dirname, '../../bin/sigma-operator.mjs');

export interface OperatorPlace {
  readonly kubeconfig: string;
  readonly stateDir: string;
  readonly port: number;
}

/** The arguments of node that run the operator of this checkout. */
export function operatorArguments({ kubeconfig, stateDir, port }: OperatorPlace): readonly string[] {
  const options = { kubeconfig, 'state-dir': stateDir, listen: `127.0.0.1:${port}`, 'node-name': 'control-plane' };
  const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  return [program, 'run', ...flags, '--replica-name=demo', '--log-format=pretty'];
}

/** How the operator is kept running. */
export interface Keeping {
  readonly start: () => Promise<SupervisedProcess>;
  readonly port: number;
  /** Hears that it ended and is started again. */
  readonly say: (text: string) => void;
  /** Then it may end. */
  readonly ending: AbortSignal;
}

/** Starts the operator, and again whenever it ends. Resolves once it is ready; rejects with the end of its log if it ends before. */
export async function keepServing({ start, port, say, ending }: Keeping): Promise<RunningOperator> {
  const running = await KeptRunning.start(start, say);
  const url = `http://127.0.0.1:${port}`;
  await whenServing(running, url);
  void running.keep(ending);
  return { url };
}

/**
 * To be waited for before anything is done that is to be found: a log is followed from its end, and rules run once every
 * replica has them.
 */
export const WHEN_FOLLOWING = 'wait auditsources,detectionrules --all --for=condition=Ready --timeout=60s';

async function whenServing(running: KeptRunning, url: string): Promise<void> {
  const ended = running.ended.then(() => {
    throw new Error(`the operator ended:\n${running.logTail()}`);
  });
  const ready = waitUntil('the operator to be ready', async () => {
    const response = await fetch(`${url}/readyz`).catch(() => undefined);
    return response?.ok === true ? true : undefined;
  });
  await Promise.race([ready, ended]);
}

/** A loopback port that was free just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
