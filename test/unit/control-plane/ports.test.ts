import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { freePorts } from '../../../dev/control-plane/ports.ts';

describe('free ports', () => {
  it('are different, and outside the range that clients get theirs from', async () => {
    const ports = await freePorts(20);
    assert.equal(new Set(ports).size, 20);
    assert.ok(ports.every((port) => port >= 20_000 && port < 30_000));
  });

  it('can be listened on', async () => {
    for (const port of await freePorts(3)) {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', resolve);
      });
      server.close();
    }
  });
});
