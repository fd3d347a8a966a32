import { execFileSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const EVENTS = 100_000;
const RULES = 5000;
/** Events in an EventList: what the webhook backend sends at once by default. */
export const LIST = 400;

/** Paths of what is measured with. */
export interface Inputs {
  /** As kube-apiserver writes it. */
  readonly compact: string;
  /** Serialised again by a forwarder. */
  readonly spaced: string;
  /** As kube-apiserver's webhook sends it. */
  readonly lists: string;
  /** The folder of the generated rules. */
  readonly rules: string;
}

/** Makes the files, once: outside the repository, they are large. */
export async function inputs(): Promise<Inputs> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sigma-operator/bench');
  mkdirSync(cache, { recursive: true });
  const path = (name: string): string => join(cache, name);
  const made = {
    compact: path('events.jsonl'),
    spaced: path('spaced.jsonl'),
    lists: path('webhook-lists.jsonl'),
    rules: path('rules'),
  };
  if (!existsSync(made.compact)) generate('gen-events.ts', EVENTS, 42, made.compact);
  if (!existsSync(made.rules)) generate('gen-rules.ts', RULES, 7, made.rules);
  if (!existsSync(made.spaced) || !existsSync(made.lists)) {
    const lines = readFileSync(made.compact, 'utf8').trimEnd().split('\n');
    await writeLines(made.spaced, lines.values().map(spaced));
    await writeLines(made.lists, lists(lines));
  }
  return made;
}

function generate(program: string, count: number, seed: number, out: string): void {
  const args = ['--count', String(count), '--seed', String(seed), '--out', out];
  execFileSync(process.execPath, [join(import.meta.dirname, 'generators', program), ...args], { stdio: 'ignore' });
}

/** With a space behind each comma and colon, and inside brackets. */
function spaced(line: string): string {
  return JSON.stringify(JSON.parse(line), null, 1).replace(/\n */g, ' ');
}

function* lists(lines: readonly string[]): Generator<string> {
  for (let at = 0; at < lines.length; at += LIST) {
    // Items leave out what the list says of all of them.
    const items = lines
      .slice(at, at + LIST)
      .map((line) => line.replace('"kind":"Event","apiVersion":"audit.k8s.io/v1",', ''));
    yield `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${items.join(',')}]}`;
  }
}

async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  const stream = createWriteStream(path);
  for (const line of lines) {
    if (!stream.write(`${line}\n`)) await new Promise<void>((resolve) => stream.once('drain', () => resolve()));
  }
  await new Promise<void>((resolve) => {
    stream.end(() => resolve());
  });
}
