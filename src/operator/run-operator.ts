import { setTimeout as sleep } from 'node:timers/promises';
import { describeError } from '../kube/index.ts';
import { operatorLogger } from './logging.ts';
import { operate } from './operator.ts';
import type { OperatorOptions } from './options.ts';

/** Milliseconds from the signal until the process ends, whatever still runs; below a pod's usual 30 s. */
const STOP_WITHIN = 25_000;

/** Runs the operator until SIGTERM or SIGINT; resolves with the exit status. */
export async function runOperator(options: OperatorOptions): Promise<number> {
  const logger = operatorLogger(options.logLevel, options.logFormat, process.stderr);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      logger.info('stopping', { signal });
      stop.abort(new Error(signal));
      void sleep(STOP_WITHIN, undefined, { ref: false }).then(() => process.exit(1));
    });
  }
  try {
    await operate(options, logger, stop.signal);
    logger.info('stopped');
    return 0;
  } catch (error) {
    if (stop.signal.aborted && error === stop.signal.reason) return 0;
    logger.error('the operator cannot run', { error: describeError(error) });
    return 1;
  }
}
