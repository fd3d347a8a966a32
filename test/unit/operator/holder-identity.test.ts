import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { type HolderIdentity, holderIdentity } from '../../../src/operator/holder-identity.ts';

describe('the name under which a process holds its Leases', () => {
  const uid = randomUUID();
  let held: HolderIdentity[];
  beforeEach(() => (held = []));
  afterEach(() => {
    for (const one of held) one.release();
  });
  const take = async (podUid?: string): Promise<string> => {
    const one = await holderIdentity('replica', podUid);
    held.push(one);
    return one.identity;
  };

  it('is another one for each process', async () => {
    const [one, two] = [await take(), await take()];
    assert.match(one, /^replica_[0-9a-f]{8}$/);
    assert.notEqual(one, two);
  });

  it('is that of the process before in the same pod', async () => {
    const module = new URL('../../../src/operator/holder-identity.ts', import.meta.url).href;
    const program = `const { holderIdentity } = await import('${module}');
      process.stdout.write((await holderIdentity('replica', '${uid}')).identity);
      process.kill(process.pid, 'SIGKILL');`;
    let before = '';
    try {
      execFileSync(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'pipe' });
    } catch (error) {
      before = String((error as { stdout: Buffer }).stdout);
    }
    assert.equal(before, `replica_${uid}`);
    assert.equal(await take(uid), before);
  });

  it('is another one while a process of the same pod lives', async () => {
    assert.equal(await take(uid), `replica_${uid}`);
    assert.match(await take(uid), /^replica_[0-9a-f]{8}$/);
    held[0]?.release();
    await new Promise(setImmediate);
    assert.equal(await take(uid), `replica_${uid}`);
  });
});
