import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { certificate } from './certificates.ts';
import { type PostOptions, TOKEN, WebhookWorld } from './webhook-world.ts';

describe('webhook receiver', () => {
  let world: WebhookWorld;

  beforeEach(() => {
    world = new WebhookWorld();
  });

  afterEach(async () => {
    await world.remove();
  });

  describe('takes', () => {
    beforeEach(async () => await world.start());

    it('an EventList, in order, and says so', async () => {
      const answer = await world.post('/audit/main?timeout=30s', world.eventList('1', '2', '3'));
      assert.deepEqual(answer, { status: 200, body: '', retryAfter: undefined });
      assert.deepEqual(await world.ids(), ['1', '2', '3']);
      const { deliveries, accepted, duplicates, bytes } = world.receiver.status().inlets['main']!;
      assert.deepEqual([deliveries, accepted, duplicates], [1, 3, 0]);
      assert.equal(bytes, world.eventList('1', '2', '3').length);
    });

    it('gzip', async () => {
      const answer = await world.post('/audit/main', world.eventList('1', '2'), { token: TOKEN, gzip: true });
      assert.equal(answer.status, 200);
      assert.deepEqual(await world.ids(), ['1', '2']);
    });

    it('an empty list', async () => {
      assert.equal((await world.post('/audit/main', world.eventList())).status, 200);
      assert.equal((await world.post('/audit/main', '{"kind":"EventList","items":null}')).status, 200);
      assert.deepEqual(await world.ids(), []);
    });

    it('NDJSON and arrays of forwarders', async () => {
      assert.equal((await world.post('/events/main', `${world.event('1')}\n${world.event('2')}\n`)).status, 200);
      assert.equal((await world.post('/events/main', `[${world.event('3')},${world.event('4')}]`)).status, 200);
      const wrapped = JSON.stringify({ date: 1, log: world.event('5') });
      assert.equal((await world.post('/events/main', wrapped)).status, 200);
      assert.deepEqual(await world.ids(), ['1', '2', '3', '4', '5']);
    });

    it('and remembers which API server it was, where the path says', async () => {
      await world.post('/audit/main/cp-1', world.eventList('1'));
      assert.equal((await world.records())[0]?.origin, 'cp-1');
    });

    it('many deliveries over one connection', async () => {
      const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
      for (let i = 0; i < 5; i++) {
        await world.post('/audit/main', world.eventList(String(i)), { token: TOKEN, agent });
        await world.post('/audit/main', '{', { token: TOKEN, agent });
      }
      assert.equal((await world.ids()).length, 5);
      assert.equal(Object.values(agent.freeSockets).flat().length, 1);
      agent.destroy();
    });

    it('what asks before it sends', async () => {
      const { request, answer } = world.request('/audit/main', { token: TOKEN, headers: { expect: '100-continue' } });
      await once(request, 'continue');
      request.end(world.eventList('1'));
      assert.equal((await answer).status, 200);
      const refused = world.request('/audit/main', { headers: { expect: '100-continue' } });
      refused.request.flushHeaders();
      assert.equal((await refused.answer).status, 401);
      refused.request.destroy();
    });

    it('events that are none: counted once, with the others', async () => {
      const body = `{"items":[${world.event('1')},{"kind":"Pod"},{"a":},7]}`;
      assert.equal((await world.post('/audit/main', body)).status, 200);
      const [batch] = await world.batches();
      assert.equal(batch?.records.length, 1);
      assert.equal(batch?.counts.errors['not-an-event'], 2);
      assert.equal(batch?.counts.errors['invalid-json'], 1);
    });

    it('a body of any length, and an event over the limit without its bodies', async () => {
      const huge = world.event('huge', { requestObject: { data: 'x'.repeat(17 * 1024 * 1024) } });
      const body = `{"items":[${world.event('1')},${huge},${world.event('2')}]}`;
      assert.equal((await world.post('/audit/main', body)).status, 200);
      const records = await world.records();
      assert.deepEqual(
        records.map(({ event, bodiesUnknown }) => [event.auditID, bodiesUnknown, event.requestObject]),
        [
          ['1', false, undefined],
          ['huge', true, undefined],
          ['2', false, undefined],
        ],
      );
      assert.equal((await world.post('/audit/main', body)).status, 200);
      assert.equal(world.receiver.status().inlets['main']?.duplicates, 3);
    });
  });

  describe('what is delivered again', () => {
    beforeEach(async () => await world.start());

    it('is recognised, whatever comes with it', async () => {
      await world.post('/audit/main', world.eventList('1', '2'));
      assert.equal((await world.post('/audit/main', world.eventList('2', '3', '1'))).status, 200);
      assert.deepEqual(await world.ids(), ['1', '2', '3']);
      assert.equal(world.receiver.status().inlets['main']?.duplicates, 2);
    });

    it('is recognised after a restart', async () => {
      await world.post('/audit/main', world.eventList('1', '2'));
      await world.stop();
      world.disk.losePower({ keep: 0, zeros: 0 });
      await world.start();
      await world.post('/audit/main', world.eventList('2', '3'));
      assert.deepEqual(await world.ids(), ['1', '2', '3']);
    });

    it('because the connection broke, is taken once', async () => {
      const body = Buffer.from(world.eventList('1', '2', '3'));
      const { request, answer } = world.request('/audit/main', {
        token: TOKEN,
        headers: { 'content-length': String(body.length) },
      });
      request.write(body.subarray(0, body.length - 100));
      while (world.journal.status().segments === 0) await new Promise((resolve) => setImmediate(resolve));
      request.destroy();
      await assert.rejects(answer);
      while (world.rejections.length === 0) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(world.rejections[0]?.reason, 'aborted');
      assert.equal((await world.post('/audit/main', body)).status, 200);
      assert.deepEqual(await world.ids(), ['1', '2', '3']);
    });

    it('is another event where the stage or the time is another', async () => {
      await world.post('/audit/main', `[${world.event('1')}]`);
      await world.post('/audit/main', `[${world.event('1', { stage: 'ResponseStarted' })}]`);
      await world.post('/audit/main', `[${world.event('1', { verb: 'delete' })}]`);
      assert.equal((await world.ids()).length, 3);
    });

    it('is another event where too little is known and the text differs', async () => {
      const bare = { auditID: undefined, requestReceivedTimestamp: undefined };
      const body = `[${world.event('', { ...bare, userAgent: 'a' })},${world.event('', { ...bare, userAgent: 'b' })}]`;
      await world.post('/audit/main', body);
      await world.post('/audit/main', body);
      assert.equal((await world.ids()).length, 2);
    });
  });

  describe('acknowledges', () => {
    it('only what is safe on disk', async () => {
      await world.start();
      await world.post('/audit/main', world.eventList('0'));
      const sync = world.disk.hold('sync');
      const { request, answer } = world.request('/audit/main', { token: TOKEN });
      request.end(world.eventList('1'));
      await sync.reached;
      const again = world.request('/audit/main', { token: TOKEN });
      again.request.end(world.eventList('1'));
      while (world.receiver.status().inlets['main']?.duplicates === 0) {
        // A third one, which is answered: the two before are not.
        const other = await world.post('/', '');
        assert.equal(other.status, 404);
        assert.equal(await Promise.race([answer, again.answer, Promise.resolve('nothing')]), 'nothing');
        if (again.request.writableFinished) break;
      }
      sync.release();
      assert.equal((await answer).status, 200);
      assert.equal((await again.answer).status, 200);
      assert.deepEqual(await world.ids(), ['0', '1']);
    });

    it('nothing that relies on a write that failed', async () => {
      await world.start();
      await world.post('/audit/main', world.eventList('0'));
      const sync = world.disk.hold('sync');
      const first = world.request('/audit/main', { token: TOKEN });
      first.request.end(world.eventList('1'));
      await sync.reached;
      const second = world.request('/audit/main', { token: TOKEN });
      second.request.end(world.eventList('1'));
      await world.post('/', '');
      world.disk.fail('sync');
      sync.release();
      const answers = await Promise.all([first.answer, second.answer]);
      assert.deepEqual(
        answers.map(({ status }) => status),
        [503, 503],
      );
      await world.clock.advance(1000);
      assert.equal((await world.post('/audit/main', world.eventList('1'))).status, 200);
      assert.deepEqual(await world.ids(), ['0', '1']);
    });

    it('what was consumed, where the disk does not outlive the pod', async () => {
      await world.start({ limits: { consumeMs: 25_000 } }, { acknowledge: 'Consumed' });
      const { request, answer } = world.request('/audit/main', { token: TOKEN });
      request.end(world.eventList('1'));
      while ((await world.ids()).length < 1) await new Promise((resolve) => setImmediate(resolve));
      world.journal.consumed(world.journal.end);
      assert.equal((await answer).status, 200);
      const late = world.request('/audit/main', { token: TOKEN });
      late.request.end(world.eventList('2'));
      while ((await world.ids()).length < 2) await new Promise((resolve) => setImmediate(resolve));
      await world.clock.advance(25_000);
      assert.deepEqual(await late.answer, { status: 503, body: 'not-consumed\n', retryAfter: '1' });
    });
  });

  describe('under pressure', () => {
    it('of a full journal answers 429, until something was consumed', async () => {
      await world.start({}, {}, { limits: { bytes: 4000, segmentBytes: 1000 } });
      let count = 0;
      for (; count < 100; count++) {
        const answer = await world.post('/audit/main', world.eventList(String(count)));
        if (answer.status === 200) continue;
        assert.deepEqual(answer, { status: 429, body: 'full\n', retryAfter: '5' });
        break;
      }
      assert.ok(count > 2);
      world.journal.consumed(world.journal.end);
      assert.equal((await world.post('/audit/main', world.eventList(String(count)))).status, 200);
      assert.equal(world.receiver.status().inlets['main']?.rejected.full, 1);
    });

    it('of a full disk answers 503, and recovers', async () => {
      await world.start();
      world.disk.quota = 300;
      assert.deepEqual(await world.post('/audit/main', world.eventList('1')), {
        status: 503,
        body: 'failed\n',
        retryAfter: '5',
      });
      assert.equal(world.rejections.at(-1)?.cause?.code, 'ENOSPC');
      world.disk.heal();
      await world.clock.advance(1000);
      assert.equal((await world.post('/audit/main', world.eventList('1'))).status, 200);
      assert.deepEqual(await world.ids(), ['1']);
    });

    it('of too many deliveries at once answers 429', async () => {
      await world.start({ limits: { deliveries: 2 } });
      const open = [world.request('/audit/main', { token: TOKEN }), world.request('/audit/main', { token: TOKEN })];
      for (const { request } of open) request.write('{"items":[');
      while (true) {
        const answer = await world.post('/audit/main', world.eventList('1'));
        if (answer.status === 200) continue;
        assert.deepEqual(answer, { status: 429, body: 'busy\n', retryAfter: '1' });
        break;
      }
      for (const { request } of open) request.end(']}');
      for (const { answer } of open) assert.equal((await answer).status, 200);
    });
  });

  describe('refuses', () => {
    const cases: readonly [
      name: string,
      url: string,
      options: PostOptions,
      body: string,
      status: number,
      reason: string,
    ][] = [
      ['an unknown path', '/', { token: TOKEN }, '', 404, 'unknown-path'],
      ['an unknown source', '/audit/other', { token: TOKEN }, '', 404, 'unknown-path'],
      ['a path that goes on', '/audit/main/a/b', { token: TOKEN }, '', 404, 'unknown-path'],
      ['an encoded path', '/audit/%6dain', { token: TOKEN }, '', 404, 'unknown-path'],
      ['GET', '/audit/main', { token: TOKEN, method: 'GET' }, '', 405, 'method'],
      ['PUT', '/audit/main', { token: TOKEN, method: 'PUT' }, '', 405, 'method'],
      ['a token in the query', `/audit/main?token=${TOKEN}`, {}, '', 400, 'query'],
      [
        'a token beside the timeout',
        `/audit/main?timeout=30s&access_token=${TOKEN}`,
        { token: TOKEN },
        '',
        400,
        'query',
      ],
      ['no credentials', '/audit/main', {}, '', 401, 'unauthenticated'],
      ['a wrong token', '/audit/main', { token: `${TOKEN}x` }, '', 401, 'unauthenticated'],
      [
        'a comment of the token file',
        '/audit/main',
        { headers: { authorization: 'Bearer # comment' } },
        '',
        401,
        'unauthenticated',
      ],
      ['another scheme', '/audit/main', { headers: { authorization: `Basic ${TOKEN}` } }, '', 401, 'unauthenticated'],
      [
        'another compression',
        '/audit/main',
        { token: TOKEN, headers: { 'content-encoding': 'br' } },
        '',
        415,
        'encoding',
      ],
      ['no body', '/audit/main', { token: TOKEN }, '', 400, 'malformed'],
      ['no JSON', '/audit/main', { token: TOKEN }, 'no json', 400, 'malformed'],
      ['half a list', '/audit/main', { token: TOKEN }, '{"items":[{}', 400, 'malformed'],
      ['two lists', '/audit/main', { token: TOKEN }, '{"items":[]}{"items":[]}', 400, 'malformed'],
      [
        'what is no gzip',
        '/audit/main',
        { token: TOKEN, headers: { 'content-encoding': 'gzip' } },
        '{"items":[]}',
        400,
        'malformed',
      ],
    ];
    for (const [name, url, options, body, status, reason] of cases) {
      it(`${name}: ${status}, counted, and without a secret`, async () => {
        await world.start();
        const answer = await world.post(url, body, options);
        assert.equal(answer.status, status);
        assert.equal(answer.body, `${reason}\n`);
        const { rejected, inlets } = world.receiver.status();
        const counts = reason === 'unknown-path' ? rejected : inlets['main']?.rejected;
        assert.equal(counts?.[reason as keyof typeof counts], 1);
        assert.equal(world.rejections.length, 1);
        const said = JSON.stringify([answer, world.rejections, world.receiver.status()]);
        for (const secret of [TOKEN, 'another-token', 'comment']) assert.ok(!said.includes(secret), said);
      });
    }

    it('half a gzip', async () => {
      await world.start();
      const { request, answer } = world.request('/audit/main', {
        token: TOKEN,
        headers: { 'content-encoding': 'gzip' },
      });
      const { gzipSync } = await import('node:zlib');
      const body = gzipSync(world.eventList('1', '2', '3'));
      request.end(body.subarray(0, body.length - 20));
      assert.equal((await answer).status, 400);
    });

    it('a client that falls silent', async () => {
      await world.start();
      const { request, answer } = world.request('/audit/main', { token: TOKEN });
      request.write('{"items":[');
      while (world.clock.pendingTimers < 3) await new Promise((resolve) => setImmediate(resolve));
      await world.clock.advance(10_000);
      assert.equal((await answer).status, 408);
      assert.equal(world.receiver.status().inlets['main']?.rejected.slow, 1);
    });

    it('a body that drips, or never ends', async () => {
      await world.start();
      const { request, answer } = world.request('/audit/main', { token: TOKEN });
      request.write('{"items":[');
      for (let i = 0; world.rejections.length === 0; i++) {
        assert.ok(i < 1000);
        request.write(`${world.event(String(i))},`);
        for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
        await world.clock.advance(1000);
      }
      assert.equal((await answer).status, 408);
    });

    it('headers that drip', async () => {
      await world.start({ limits: { headerMs: 100 } });
      const socket = await world.connect();
      socket.write('POST /audit/main HTTP/1.1\r\nHost: a\r\nX-A: ');
      socket.resume();
      await once(socket, 'close');
      assert.equal(world.receiver.status().rejected.http, 1);
    });

    it('connections that say nothing, or no TLS', async () => {
      await world.start({ limits: { headerMs: 100 } });
      const silent = net.connect(world.receiver.port, '127.0.0.1');
      const plain = net.connect(world.receiver.port, '127.0.0.1', () => plain.write('POST / HTTP/1.1\r\n\r\n'));
      for (const socket of [silent, plain]) socket.on('error', () => {}).resume();
      await Promise.all([once(silent, 'close'), once(plain, 'close')]);
      assert.equal(world.receiver.status().rejected.handshake, 2);
    });

    it('more connections than it may have', async () => {
      await world.start({ limits: { connections: 1 } });
      const first = await world.connect();
      const second = net.connect(world.receiver.port, '127.0.0.1');
      second.on('error', () => {}).resume();
      await once(second, 'close');
      assert.equal(world.receiver.status().rejected.connections, 1);
      first.destroy();
    });

    it('headers that are too long', async () => {
      await world.start();
      const answer = await world.post('/audit/main', '', { token: 'x'.repeat(20_000) }).catch(() => undefined);
      assert.ok(answer === undefined || answer.status === 400);
      assert.equal(world.receiver.status().rejected.http, 1);
    });
  });

  describe('lets client certificates in', () => {
    const ok = 200;
    const no = 401;

    it('of its client CA, and no others', async () => {
      await world.start();
      const otherCa = certificate({ name: 'client-ca', use: 'ca' });
      const cases = [
        ['its own', world.client, ok],
        [
          'of another CA with the same name',
          certificate({ name: 'kube-apiserver', issuer: otherCa, use: 'client' }),
          no,
        ],
        ['signed by itself', certificate({ name: 'kube-apiserver', use: 'client' }), no],
        ['expired', certificate({ name: 'kube-apiserver', issuer: world.clientCa, use: 'client', expired: true }), no],
        ['for servers', certificate({ name: 'kube-apiserver', issuer: world.clientCa, use: 'server' }), no],
        ["of the receiver's CA", certificate({ name: 'kube-apiserver', issuer: world.ca, use: 'client' }), no],
      ] as const;
      for (const [name, client, status] of cases) {
        assert.equal(
          (await world.post('/audit/main', world.eventList('1'), { certificate: client })).status,
          status,
          name,
        );
      }
    });

    it('with the names that the source lists', async () => {
      await world.start({}, { clientNames: ['kube-apiserver'] });
      const kubelet = certificate({ name: 'system:node:a', issuer: world.clientCa, use: 'client' });
      assert.equal((await world.post('/audit/main', world.eventList('1'), { certificate: world.client })).status, ok);
      assert.equal((await world.post('/audit/main', world.eventList('1'), { certificate: kubelet })).status, no);
    });

    it('never where it has no client CA', async () => {
      await world.start({ tls: { certFile: world.file('tls.crt'), keyFile: world.file('tls.key') } });
      assert.equal((await world.post('/audit/main', world.eventList('1'), { certificate: world.client })).status, no);
      assert.equal((await world.post('/audit/main', world.eventList('1'))).status, ok);
    });

    it('and nobody where a source has neither tokens nor a client CA', async () => {
      await world.start(
        { tls: { certFile: world.file('tls.crt'), keyFile: world.file('tls.key') } },
        { tokenFile: undefined },
      );
      assert.equal((await world.post('/audit/main', world.eventList('1'))).status, no);
    });
  });

  describe('takes replaced files:', () => {
    it('its certificate', async () => {
      await world.start();
      const before = await peerSerial(world);
      world.writeServerCertificate(world.ca);
      await world.receiver.refresh();
      assert.notEqual(await peerSerial(world), before);
    });

    it('a certificate whose key is not there yet is not used, and said to be wrong', async () => {
      await world.start();
      const before = await peerSerial(world);
      world.writeFile('tls.crt', certificate({ name: 'receiver', issuer: world.ca }).cert);
      await world.receiver.refresh();
      assert.equal(await peerSerial(world), before);
      assert.equal(world.receiver.status().errors.length, 1);
      world.writeServerCertificate(world.ca);
      await world.receiver.refresh();
      assert.deepEqual(world.receiver.status().errors, []);
    });

    it('by itself, now and then', async () => {
      await world.start({ limits: { refreshMs: 1000 } });
      const before = await peerSerial(world);
      world.writeServerCertificate(world.ca);
      while ((await peerSerial(world)) === before) await world.clock.advance(1000);
    });

    it('its client CA: whoever the old one let in is not let in any more', async () => {
      await world.start();
      const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
      const post = async (client = world.client) =>
        await world.post('/audit/main', world.eventList('1'), { certificate: client, agent });
      assert.equal((await post()).status, 200);
      const newCa = certificate({ name: 'client-ca', use: 'ca' });
      world.writeFile('client-ca.crt', newCa.cert);
      await world.receiver.refresh();
      const answer = await post().catch(() => undefined);
      assert.ok(answer === undefined || answer.status === 401);
      agent.destroy();
      const renewed = certificate({ name: 'kube-apiserver', issuer: newCa, use: 'client' });
      assert.equal((await world.post('/audit/main', world.eventList('1'), { certificate: renewed })).status, 200);
    });

    it('an empty client CA is not used: any public CA would do', async () => {
      await world.start();
      for (const content of ['', '\n', 'no certificate']) {
        world.writeFile('client-ca.crt', content);
        await world.receiver.refresh();
        assert.equal(world.receiver.status().errors.length, 1);
      }
      assert.equal((await world.post('/audit/main', world.eventList('1'), { certificate: world.client })).status, 200);
    });

    it('its tokens', async () => {
      await world.start();
      world.writeFile('tokens', 'a-new-token-that-is-let-in\n');
      await world.receiver.refresh();
      assert.equal((await world.post('/audit/main', world.eventList('1'))).status, 401);
      const token = 'a-new-token-that-is-let-in';
      assert.equal((await world.post('/audit/main', world.eventList('1'), { token })).status, 200);
      world.writeFile('tokens', 'short\n');
      await world.receiver.refresh();
      const said = JSON.stringify(world.receiver.status());
      assert.ok(!said.includes('short"') && said.includes('shorter than'), said);
      assert.equal((await world.post('/audit/main', world.eventList('1'), { token })).status, 200);
      fs.rmSync(world.file('tokens'));
      await world.receiver.refresh();
      assert.equal((await world.post('/audit/main', world.eventList('1'), { token })).status, 401);
      assert.deepEqual(world.receiver.status().errors, []);
    });
  });

  it('does not begin where its files make no sense', async () => {
    world.writeFile('tls.key', certificate({ name: 'other' }).key);
    await assert.rejects(world.start());
    world.writeServerCertificate(world.ca);
    world.writeFile('tokens', 'short');
    await assert.rejects(world.start(), /shorter than 16 characters/);
  });

  it('takes a source no more once it is detached', async () => {
    await world.start();
    world.receiver.detach('main');
    assert.equal((await world.post('/audit/main', world.eventList('1'))).status, 404);
  });

  it('finishes deliveries under way when it is closed', async () => {
    await world.start();
    const { request, answer } = world.request('/audit/main', { token: TOKEN });
    request.write('{"items":[');
    while (world.clock.pendingTimers < 3) await new Promise((resolve) => setImmediate(resolve));
    const closed = world.receiver.close();
    request.end(`${world.event('1')}]}`);
    assert.equal((await answer).status, 200);
    await closed;
    assert.deepEqual(await world.ids(), ['1']);
  });

  it('does not wait for ever when it is closed', async () => {
    await world.start();
    const { request, answer } = world.request('/audit/main', { token: TOKEN });
    request.write('{"items":[');
    while (world.clock.pendingTimers < 3) await new Promise((resolve) => setImmediate(resolve));
    const closed = world.receiver.close();
    await world.clock.advance(5000);
    await closed;
    await assert.rejects(answer);
  });
});

async function peerSerial(world: WebhookWorld): Promise<string> {
  const socket = await world.connect();
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}
