import assert from 'node:assert/strict';
import { isRecentEnough } from '../../../dev/go-tools/toolchain.ts';

describe('a Go version that is recent enough', () => {
  for (const [version, enough] of [
    ['go1.26.8\n', true],
    ['go1.26', true],
    ['go1.27rc1', true],
    ['go2.0', true],
    ['devel go1.28-abcdef Tue', true],
    ['go1.25.9', false],
    ['go1.9', false],
    ['', false],
  ] as const) {
    it(`${JSON.stringify(version)}: ${enough}`, () => assert.equal(isRecentEnough(version), enough));
  }
});
