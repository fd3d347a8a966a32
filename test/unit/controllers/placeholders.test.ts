import assert from 'node:assert/strict';
import { type ConfigMap, mayExpand, placeholdersOf } from '../../../src/controllers/detection-rule/placeholders.ts';

function configMap(data: Readonly<Record<string, string>>): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'sigma-placeholders' }, data };
}

describe('placeholders', () => {
  it('are the lines of a key, without comments and empty lines', () => {
    const placeholders = placeholdersOf(configMap({ admins: '# on call\nalice\r\n\n  bob \n' }));
    assert.deepEqual(placeholders('admins'), ['alice', 'bob']);
  });

  it('are undefined where nobody defined them', () => {
    assert.equal(placeholdersOf(configMap({}))('admins'), undefined);
    assert.equal(placeholdersOf(undefined)('admins'), undefined);
    assert.equal(placeholdersOf(configMap({}))('constructor'), undefined);
  });

  for (const [sigma, may] of [
    ["user.username|expand: '%admins%'", true],
    ["user.username|contains|expand: '%admins%'", true],
    ['description: expands', false],
  ] as const) {
    it(`${may ? 'may' : 'cannot'} be used by ${sigma}`, () => assert.equal(mayExpand(sigma), may));
  }
});
