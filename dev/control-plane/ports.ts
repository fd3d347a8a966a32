import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/**
 * Below the range from which systems take ports for outgoing connections (32768 on Linux, 49152 on macOS): so no client takes
 * a port between our look and the component's bind, nor while a component is down to be started again.
 */
const LOWEST = 20_000;
const HIGHEST = 30_000;
const ATTEMPTS = 100;

/** That many different ports of 127.0.0.1 on which nothing listens now. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held: Server[] = [];
  try {
    for (let attempt = 0; held.length < count && attempt < ATTEMPTS; attempt += 1) {
      const server = await listen(randomInt(LOWEST, HIGHEST));
      if (server !== null) {
        held.push(server);
      }
    }
    if (held.length < count) {
      throw new Error(`no free port found between ${LOWEST} and ${HIGHEST} in ${ATTEMPTS} attempts`);
    }
    return held.map(portOf);
  } finally {
    await Promise.all(held.map(close));
  }
}

/** Null when the port is taken. */
function listen(port: number): Promise<Server | null> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
