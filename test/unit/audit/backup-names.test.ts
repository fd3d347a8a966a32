import assert from 'node:assert/strict';
import { backupMatcher } from '../../../src/audit/file-source/backup-names.ts';

describe('names of rotated logs', () => {
  const cases: readonly [path: string, name: string, expected: boolean][] = [
    ['/var/log/audit.log', 'audit-2026-11-24T05-48-24.739.log', true],
    ['/var/log/audit.log', 'audit-2026-11-24T05-48-24.739.log.gz', true],
    ['/var/log/audit.log', 'audit.log.1', true],
    ['/var/log/audit.log', 'audit.log.12.gz', true],
    ['/var/log/audit.log', 'audit.log-20261124', true],
    ['/var/log/audit.log', 'audit.log-20261124.gz', true],
    ['/var/log/audit.log', 'audit.log-2026112405', true],
    ['/var/log/audit.log', 'audit.log-20261124-1764000000', true],
    ['/var/log/audit.log', 'audit.1.log', true],
    ['/var/log/audit.log', 'audit-20261124.log', true],
    ['/var/log/audit.log', 'audit.log', false],
    ['/var/log/audit.log', 'audit.log.gz', false],
    ['/var/log/audit.log', 'audit.log.bak', false],
    ['/var/log/audit.log', 'audit-other.log', false],
    ['/var/log/audit.log', 'xaudit.log.1', false],
    ['/var/log/audit.log', 'auditxlog.1', false],
    ['/var/log/audit.log', 'audit.log.1.gz.tmp', false],
    ['/var/log/audit', 'audit.1', true],
    ['/var/log/audit', 'audit-2026-11-24T05-48-24.739', true],
    ['/var/log/a+b.log', 'a+b.log.1', true],
    ['/var/log/a+b.log', 'aab.log.1', false],
  ];
  for (const [path, name, expected] of cases) {
    it(`${name} is ${expected ? 'a' : 'no'} backup of ${path}`, () =>
      assert.equal(backupMatcher(path)(name), expected));
  }
});
