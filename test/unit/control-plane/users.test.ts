import assert from 'node:assert/strict';
import { ControlPlaneError } from '../../../dev/control-plane/index.ts';
import { tokenFile, withTokens } from '../../../dev/control-plane/users.ts';

describe('users of a control plane', () => {
  it('are the given ones and the built-in ones, each with a token of its own', () => {
    const users = withTokens([
      { name: 'alice', groups: ['sre'] },
      { name: 'bob', token: 'secret' },
    ]);
    assert.deepEqual(users.get('bob'), { name: 'bob', groups: [], token: 'secret' });
    assert.deepEqual(users.get('admin')?.groups, ['system:masters']);
    const tokens = [...users.values()].map(({ token }) => token);
    assert.equal(new Set(tokens).size, users.size);
    assert.ok(tokens.every((token) => token.length > 0));
  });

  for (const [why, name] of [
    ['is built in', 'admin'],
    ['is empty', ''],
    ['has a line break', 'a\nb'],
  ] as const) {
    it(`may not have a name that ${why}`, () => {
      assert.throws(
        () => withTokens([{ name }]),
        (error) => error instanceof ControlPlaneError && error.code === 'InvalidUser',
      );
    });
  }

  it('are written as CSV with every cell quoted', () => {
    const text = tokenFile([
      { name: 'o"brien, pat', groups: ['a', 'b'], token: 't1' },
      { name: 'bob', groups: [], token: 't2' },
    ]);
    assert.equal(text, '"t1","o""brien, pat","o""brien, pat","a,b"\n"t2","bob","bob",""\n');
  });
});
