/**
 * How many events a second the webhook path takes, with every delivery synced to disk, and for what share of a core.
 *
 *     node bench/webhook.ts [--seconds 20] [--rate 4000] [--batch 400] [--senders 4] [--gzip] [--directory <path>]
 *
 * Senders run in a process of their own, so that the CPU time measured is the receiver's: HTTPS, splitting, parsing,
 * recognising repeated deliveries, journal, fsync, and reading the journal again as the detector does. Without `--rate`
 * the senders send as fast as they are answered.
 */
import { fork } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { directoryFiles, Journal, JournalSource, listenForWebhooks } from '../src/audit/index.ts';
import { certificate } from '../test/unit/audit/certificates.ts';

interface Options {
  readonly seconds: number;
  /** Events a second; 0 for as many as go. */
  readonly rate: number;
  readonly batch: number;
  readonly senders: number;
  readonly gzip: boolean;
}

interface Target extends Options {
  readonly port: number;
  readonly ca: string;
}

const TOKEN = 'a-token-for-the-benchmark';
/** What the webhook backend leaves out of the items of a list. */
const TYPE = '"kind":"Event","apiVersion":"audit.k8s.io/v1",';
const LINES = new URL('../test/data/audit/kube-apiserver-1.37.jsonl', import.meta.url);

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    rate: { type: 'string', default: '0' },
    batch: { type: 'string', default: '400' },
    senders: { type: 'string', default: '4' },
    gzip: { type: 'boolean', default: false },
    directory: { type: 'string', default: os.tmpdir() },
  },
});

if (process.send === undefined) await receive();
else process.once('message', (target) => void send(target as Target).then((sent) => process.send?.(sent)));

async function receive(): Promise<void> {
  const { seconds, rate, batch, senders } = values;
  const numbers = { seconds: Number(seconds), rate: Number(rate), batch: Number(batch), senders: Number(senders) };
  const directory = fs.mkdtempSync(path.join(values.directory, 'webhook-bench-'));
  const { cert, key } = certificate({ name: 'receiver' });
  const file = (name: string, content: string): string => {
    fs.writeFileSync(path.join(directory, name), content);
    return path.join(directory, name);
  };
  const journal = await Journal.open({ files: directoryFiles(path.join(directory, 'journal')) });
  const receiver = await listenForWebhooks({
    tls: { certFile: file('tls.crt', cert), keyFile: file('tls.key', key) },
    host: '127.0.0.1',
    port: 0,
  });
  await receiver.attach('main', { journal, tokenFile: file('tokens', TOKEN) });
  const stop = new AbortController();
  const consumed = consume(journal, stop.signal);

  const child = fork(process.argv[1] ?? '', [], { serialization: 'json' });
  const before = process.cpuUsage();
  const started = performance.now();
  child.send({ ...numbers, gzip: values.gzip, port: receiver.port, ca: cert } satisfies Target);
  const { events, bytes, slowest } = await new Promise<{ events: number; bytes: number; slowest: number }>(
    (resolve) => {
      child.once('message', (sent) => resolve(sent as { events: number; bytes: number; slowest: number }));
    },
  );
  const elapsed = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  const { accepted, duplicates, rejected } = receiver.status().inlets['main'] ?? {};
  await receiver.close();
  await journal.whenConsumed(journal.end, stop.signal);
  stop.abort();
  const read = await consumed;
  await journal.close();
  child.kill();
  fs.rmSync(directory, { recursive: true });
  console.log(
    [
      `${Math.round(events / elapsed)} events/s for ${elapsed.toFixed(1)} s (${(bytes / events).toFixed(0)} bytes each)`,
      `${((user + system) / 1e4 / elapsed).toFixed(0)} % of a core`,
      `slowest answer ${slowest.toFixed(0)} ms`,
      `at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`,
      `accepted ${accepted}, duplicates ${duplicates}, read from the journal ${read}`,
      `rejected ${JSON.stringify(Object.fromEntries(Object.entries(rejected ?? {}).filter(([, count]) => count > 0)))}`,
    ].join('; '),
  );
}

async function consume(journal: Journal, signal: AbortSignal): Promise<number> {
  let read = 0;
  const source = new JournalSource({ journal });
  for await (const batch of source.batches(signal)) {
    read += batch.records.length;
    source.release(source.checkpoint(batch));
  }
  return read;
}

async function send(target: Target): Promise<{ events: number; bytes: number; slowest: number }> {
  const agent = new https.Agent({ keepAlive: true, ca: target.ca, checkServerIdentity: () => undefined });
  const lines = fs.readFileSync(LINES, 'utf8').trimEnd().split('\n');
  const ends = performance.now() + target.seconds * 1000;
  const total = { events: 0, bytes: 0, slowest: 0 };
  const every = target.rate === 0 ? 0 : (1000 * target.batch * target.senders) / target.rate;
  const run = async (sender: number): Promise<void> => {
    for (let at = performance.now() + (every * sender) / target.senders; performance.now() < ends; at += every) {
      const wait = at - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const items = Array.from({ length: target.batch }, (_, i) => {
        const line = lines[(total.events + i) % lines.length] ?? '';
        return line.replace(TYPE, '').replace(/"auditID":"[^"]*"/, `"auditID":"${sender}-${total.events + i}-${at}"`);
      });
      const body = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${items.join(',')}]}`;
      const began = performance.now();
      await post(agent, target, body);
      total.slowest = Math.max(total.slowest, performance.now() - began);
      total.events += target.batch;
      total.bytes += body.length;
    }
  };
  await Promise.all(Array.from({ length: target.senders }, async (_, sender) => await run(sender)));
  return total;
}

async function post(agent: https.Agent, { port, gzip }: Target, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${TOKEN}`, ...(gzip && { 'content-encoding': 'gzip' }) };
  await new Promise<void>((resolve, reject) => {
    const options = { host: '127.0.0.1', port, agent, path: '/audit/main?timeout=30s', method: 'POST', headers };
    const request = https.request(options, (response) => {
      response.resume();
      if (response.statusCode === 200) response.once('end', resolve);
      else reject(new Error(`answered ${response.statusCode}`));
    });
    request.once('error', reject);
    request.end(gzip ? gzipSync(body) : body);
  });
}
