import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlPlane, SupervisedProcess } from '../../../dev/control-plane/index.ts';
import { eventually } from './eventually.ts';

export interface OperatorStart {
  /** Default: `replica`. */
  readonly replica?: string;
  /** Default: `node`. */
  readonly node?: string;
  /** Default: one of the replica's name, which a later start with the same name finds again. */
  readonly stateDir?: string;
  /** Further flags. */
  readonly flags?: readonly string[];
}

/** One line of the operator's JSON log. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

let started = 0;

/** The operator of the bundle, running under its own ServiceAccount. */
export class OperatorProcess {
  readonly process: SupervisedProcess;
  /** `http://127.0.0.1:PORT`, of probes and metrics. */
  readonly url: string;

  private constructor(process: SupervisedProcess, url: string) {
    this.process = process;
    this.url = url;
  }

  /** Resolves when it serves its probes; it may not be ready yet. */
  static async start(
    plane: ControlPlane,
    bundle: string,
    kubeconfig: string,
    { replica = 'replica', node = 'node', stateDir = stateDirOf(plane, replica), flags = [] }: OperatorStart = {},
  ): Promise<OperatorProcess> {
    started += 1;
    const operator = await plane.run({
      name: `operator-${replica}-${started}`,
      command: process.execPath,
      args: [
        bundle,
        'run',
        `--kubeconfig=${kubeconfig}`,
        `--state-dir=${stateDir}`,
        `--node-name=${node}`,
        `--replica-name=${replica}`,
        '--listen=127.0.0.1:0',
        '--log-level=debug',
        ...flags,
      ],
      env: { NODE_ENV: 'production' },
    });
    const port = await unlessEnded(operator, () => {
      const serving = logLines(operator.logFile).find(({ message }) => message === 'serving probes and metrics');
      assert.ok(serving, operator.logTail());
      return Number(serving['port']);
    });
    return new OperatorProcess(operator, `http://127.0.0.1:${port}`);
  }

  get logs(): readonly LogLine[] {
    return logLines(this.process.logFile);
  }

  async get(path: string): Promise<{ readonly code: number; readonly type: string | null; readonly text: string }> {
    const response = await fetch(`${this.url}${path}`);
    return { code: response.status, type: response.headers.get('content-type'), text: await response.text() };
  }

  /** The value of a metric, or the sum over all its labels that contain `labels`; 0 where it is not there. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const { text } = await this.get('/metrics');
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    return text
      .split('\n')
      .map((line) => /^([a-z_]+)(\{.*\})? (\S+)$/.exec(line))
      .filter((match) => match?.[1] === name && wanted.every((label) => match[2]?.includes(label)))
      .reduce((sum, match) => sum + Number(match?.[3]), 0);
  }

  /** Resolves when the operator has read from the log of a source: what is logged from then on, it reads. */
  async following(source = 'kube-apiserver'): Promise<void> {
    await unlessEnded(this.process, async () => {
      const events = await this.metric('sigma_operator_events_processed_total', { source });
      assert.ok(events > 0, `${source} is not followed yet:\n${this.process.logTail(5)}`);
    });
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.process.stop({ signal: 'SIGKILL' });
  }

  /** SIGTERM, as a pod gets it. Resolves with the exit code. */
  async stop(): Promise<number | null> {
    const { code } = await this.process.stop({ graceMs: 30_000 });
    return code;
  }
}

export function stateDirOf(plane: ControlPlane, replica: string): string {
  return join(plane.directory, `state-${replica}`);
}

/** Like `eventually`, but rejects at once when the process has ended. */
async function unlessEnded<T>(process: SupervisedProcess, check: () => T | Promise<T>): Promise<T> {
  const ended = process.exited.then(() => {
    throw new Error(`the operator ended:\n${process.logTail().slice(-2000)}`);
  });
  return await Promise.race([eventually(check), ended]);
}

function logLines(file: string): readonly LogLine[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.filter((line) => line.startsWith('{')).map((line): LogLine => JSON.parse(line));
}
