// Generates a log of audit events, byte for byte the same for a seed: node bench/generators/gen-events.ts --count 100000 --seed 42 --out events.jsonl
import { closeSync, openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { scene } from './events/scene.ts';
import { traffic } from './events/traffic.ts';

const PIECE = 4 << 20;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '42' },
    out: { type: 'string', default: 'events.jsonl' },
  },
});
const count = Number(values.count);
const file = openSync(values.out, 'w');
const log = { events: 0, piece: '' };
const send = traffic(scene(Number(values.seed), write));
while (log.events < count) send();
flush();
closeSync(file);

function write(event: object): void {
  if (log.events >= count) return;
  log.events += 1;
  log.piece += `${JSON.stringify(event)}\n`;
  if (log.piece.length > PIECE) flush();
}

function flush(): void {
  writeSync(file, log.piece);
  log.piece = '';
}
