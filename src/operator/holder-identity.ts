import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';

/** Under which name a process holds its Leases. */
export interface HolderIdentity {
  readonly identity: string;
  /** To be called when all Leases are given up. */
  release(): void;
}

/**
 * Different for every process; but a container that is started again in its pod has the name of the one before, and need not
 * wait until that one's Leases have run out. Of a pod's containers one runs at a time: the kubelet starts the next one when the
 * processes of the one before have ended. That no other process of the pod has the name now, such as one that somebody has
 * started in the container by hand, is made sure by a socket in Linux's abstract namespace, which ends with its process.
 *
 * @param podUid not the pod's name: a pod of a StatefulSet may go on elsewhere, cut off, while another one has its name
 */
export async function holderIdentity(replica: string, podUid: string | undefined): Promise<HolderIdentity> {
  const close = podUid === undefined ? undefined : await take(podUid);
  return close === undefined
    ? { identity: `${replica}_${randomUUID().slice(0, 8)}`, release: () => {} }
    : { identity: `${replica}_${podUid}`, release: close };
}

/** What gives the name up; undefined where another process has it, or this is not Linux. */
async function take(podUid: string): Promise<(() => void) | undefined> {
  if (process.platform !== 'linux') return undefined;
  const server = createServer((socket) => socket.destroy());
  server.unref();
  return await new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(`\0sigma-operator/${podUid}`, () => resolve(() => server.close()));
  });
}
