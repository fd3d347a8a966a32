import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findChromium } from '../../../dev/browser/index.ts';
import { testFolder } from '../cli/files.ts';

describe('findChromium', () => {
  const folder = testFolder();

  function program(name: string): string {
    folder.write({ [name]: '' });
    const path = join(folder.path, name);
    chmodSync(path, 0o755);
    return path;
  }

  function pathOf(...names: readonly string[]): string {
    return names.map((name) => join(folder.path, name)).join(delimiter);
  }

  it('takes what CHROMIUM says, or nothing', () => {
    const own = program('a/own');
    program('a/chromium');
    assert.equal(findChromium({ CHROMIUM: own, PATH: pathOf('a') }), own);
    assert.equal(findChromium({ CHROMIUM: '/no/such/browser', PATH: pathOf('a') }), undefined);
  });

  it('looks for the usual names on the PATH, Chromium before Chrome', () => {
    const chrome = program('a/google-chrome');
    assert.equal(findChromium({ PATH: pathOf('none', 'a') }), chrome);
    const chromium = program('b/chromium');
    assert.equal(findChromium({ CHROMIUM: '', PATH: pathOf('a', 'b') }), chromium);
  });

  it('finds nothing where there is no program of these names', () => {
    folder.write({ 'a/chromium': 'not executable', 'b/chromium/file': '' });
    assert.equal(findChromium({ PATH: pathOf('a', 'b') }), undefined);
    assert.equal(findChromium({}), undefined);
  });
});
