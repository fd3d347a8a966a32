import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ControlPlaneError } from './control-plane-error.ts';
import { kubectlEnvironment } from './kubectl-script.ts';

/** How a kubectl command ended. */
export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One run of kubectl. */
export interface KubectlCommand {
  readonly binary: string;
  readonly args: readonly string[];
  readonly kubeconfig: string;
  readonly cacheDirectory: string;
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** More output than this is cut off at its end. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/**
 * Runs kubectl and collects its output. `onStart` gets the process. Never rejects because of an exit code; a death by signal
 * is 128 and the signal's number, as in a shell; an abort rejects with the signal's reason.
 */
export function runKubectl(command: KubectlCommand, onStart: (child: ChildProcess) => void): Promise<KubectlResult> {
  const child = spawn(command.binary, command.args, {
    env: {
      ...process.env,
      ...kubectlEnvironment(command.kubeconfig, command.cacheDirectory),
      ...command.env,
    },
    stdio: 'pipe',
    ...(command.signal === undefined ? {} : { signal: command.signal }),
  });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  // kubectl may end without having read its input.
  child.stdin.on('error', () => {});
  child.stdin.end(command.input ?? '');
  const ended = new Promise<KubectlResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code: code ?? 128 + signalNumber(signal), stdout: stdout(), stderr: stderr() });
    });
  });
  onStart(child);
  return ended;
}

/** For a result that the caller did not allow. `note` says what else is known. */
export function kubectlFailed(args: readonly string[], result: KubectlResult, note: string): ControlPlaneError {
  const output = [result.stderr.trim(), note].filter((text) => text !== '').join('\n');
  return new ControlPlaneError(
    'KubectlFailed',
    `kubectl ${args.join(' ')} ended with code ${result.code}:\n${output}`,
    'Pass allowFailure where a failure is expected.',
  );
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : constants.signals[signal];
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  stream.on('data', (chunk: Buffer) => {
    if (length < MAX_OUTPUT) {
      chunks.push(chunk.subarray(0, MAX_OUTPUT - length));
      length += chunk.length;
    }
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
