import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { REAL_LINES } from './events.ts';
import { memory } from './memory.ts';
import { TOKEN, WebhookWorld } from './webhook-world.ts';

const RUNS = Number(process.env['AUDIT_FUZZ_RUNS'] ?? 150);

/** A good body, changed a little: bytes replaced, removed, put in, cut off. */
const MUTATED = fc
  .record({
    lines: fc.array(fc.constantFrom(...REAL_LINES), { minLength: 1, maxLength: 4 }),
    form: fc.constantFrom('list', 'array', 'lines'),
    edits: fc.array(fc.record({ at: fc.nat(), remove: fc.nat({ max: 20 }), put: fc.uint8Array({ maxLength: 8 }) }), {
      maxLength: 4,
    }),
    keep: fc.double({ min: 0, max: 1.5, noNaN: true }),
    zip: fc.boolean(),
  })
  .map(({ lines, form, edits, keep, zip }) => {
    const list = {
      list: `{"kind":"EventList","items":[${lines.join(',')}]}`,
      array: `[${lines.join(',')}]`,
      lines: lines.join('\n'),
    };
    const text = Buffer.from(list[form]);
    let body: Buffer = zip ? gzipSync(text) : text;
    for (const { at, remove, put } of edits) {
      const place = at % (body.length + 1);
      body = Buffer.concat([body.subarray(0, place), put, body.subarray(place + remove)]);
    }
    return { body: body.subarray(0, Math.ceil(body.length * Math.min(1, keep))), zip };
  });

const NOISE = fc.uint8Array({ maxLength: 300 }).map((bytes) => ({ body: Buffer.from(bytes), zip: false }));

describe('webhook receiver, against noise', () => {
  let world: WebhookWorld;

  beforeEach(async () => {
    world = new WebhookWorld();
    await world.start({ limits: { drain: { bytes: 1e6, ms: 50 } } });
  });

  afterEach(async () => {
    await world.remove();
  });

  /** It goes on working: a good delivery is taken, and read from the journal. */
  async function stillWorks(): Promise<void> {
    assert.equal((await world.post('/audit/main', world.eventList('the last one'))).status, 200);
    assert.ok((await world.ids()).includes('the last one'));
    const { rejected } = world.receiver.status().inlets['main']!;
    assert.equal(rejected.internal, 0);
    assert.equal(world.receiver.status().rejected.internal, 0);
  }

  it('answers every body, and takes what is whole in it', async function () {
    this.timeout(30_000 + RUNS * 100);
    await fc.assert(
      fc.asyncProperty(fc.oneof(MUTATED, NOISE), fc.constantFrom('audit', 'events'), async ({ body, zip }, path) => {
        const headers = zip ? { 'content-encoding': 'gzip' } : {};
        const { status } = await world.post(`/${path}/main`, body, { token: TOKEN, headers });
        assert.ok(status === 200 || status === 400, String(status));
      }),
      { numRuns: RUNS },
    );
    await stillWorks();
  });

  it('outlives any bytes in place of HTTP', async function () {
    this.timeout(30_000 + RUNS * 100);
    const head = `POST /audit/main HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TOKEN}\r\n`;
    const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`;
    const prefix = fc.constantFrom('', head, `${head}Content-Length: 99\r\n\r\n`, chunked, `${chunked}5\r\n{"ite\r\n`);
    await fc.assert(
      fc.asyncProperty(prefix, fc.uint8Array({ maxLength: 200 }), async (start, noise) => {
        const socket = await world.connect();
        socket.resume();
        socket.end(Buffer.concat([Buffer.from(start), noise]));
        await once(socket, 'close');
      }),
      { numRuns: RUNS },
    );
    await stillWorks();
  });

  it('outlives clients that vanish at any moment', async function () {
    this.timeout(30_000 + RUNS * 100);
    await fc.assert(
      fc.asyncProperty(MUTATED, fc.nat({ max: 5 }), async ({ body, zip }, turns) => {
        const headers = { 'content-length': String(body.length + 1), ...(zip && { 'content-encoding': 'gzip' }) };
        const { request, answer } = world.request('/audit/main', { token: TOKEN, headers });
        request.write(body);
        for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
        request.destroy();
        await answer.catch(() => {});
      }),
      { numRuns: RUNS },
    );
    await stillWorks();
  });

  describe('holds little memory', () => {
    const MEGABYTE = 1024 * 1024;
    const bodies: readonly [name: string, piece: (i: number) => string, count: number][] = [
      ['of one event that does not end', (i) => (i === 0 ? '[{"requestObject":"' : 'x'.repeat(MEGABYTE)), 20],
      ['of many deep values', (i) => (i === 0 ? '[' : '['.repeat(MEGABYTE)), 10],
      ['of a key that does not end', (i) => (i === 0 ? '{"' : 'x'.repeat(MEGABYTE)), 20],
      ['of many events that are none', (i) => (i === 0 ? '[{}' : ',{}'.repeat(MEGABYTE / 3)), 4],
    ];
    for (const [name, piece, count] of bodies) {
      it(name, async function () {
        this.timeout(60_000);
        await world.stop();
        await world.start({ limits: { itemBytes: MEGABYTE } });
        const before = memory();
        const { request, answer } = world.request('/audit/main', { token: TOKEN });
        let most = 0;
        for (let i = 0; i < count; i++) {
          if (!request.write(piece(i))) await Promise.race([once(request, 'drain'), answer.catch(() => {})]);
          if (i % 5 === 0) most = Math.max(most, memory() - before);
        }
        request.end();
        await answer.catch(() => {});
        assert.ok(most < 24 * MEGABYTE, `${Math.round(most / MEGABYTE)} MiB`);
      });
    }

    it('of a small gzip that is a long body', async function () {
      this.timeout(60_000);
      await world.stop();
      await world.start({ limits: { itemBytes: MEGABYTE } });
      const bomb = gzipSync(Buffer.from(`[{"requestObject":"${'x'.repeat(30 * MEGABYTE)}"}]`));
      const before = memory();
      let most = 0;
      const answered = new AbortController();
      const post = world
        .post('/audit/main', bomb, { token: TOKEN, headers: { 'content-encoding': 'gzip' } })
        .finally(() => answered.abort());
      // In a large process, a look takes longer than any interval: half of the time is left for what is looked at.
      while (!answered.signal.aborted) {
        const began = performance.now();
        most = Math.max(most, memory() - before);
        await sleep(Math.max(20, performance.now() - began));
      }
      const answer = await post;
      assert.equal(answer.status, 200);
      assert.ok(most < 24 * MEGABYTE, `${Math.round(most / MEGABYTE)} MiB`);
    });
  });
});
