import assert from 'node:assert/strict';
import { eventNote } from '../../../src/alerts/index.ts';
import { hit } from './hits.ts';

describe('the note of an Event', () => {
  it('says who did what, from where and how it was answered', () => {
    assert.equal(
      eventNote('CronJob Modification', hit(1)),
      'CronJob Modification: alice patched cronjobs.batch shop/nightly from 10.0.0.7 with kubectl/v1.37.2. Allowed (200).',
    );
  });

  it('says where it is not certain that the rule matches', () => {
    assert.match(
      eventNote('CronJob Modification', hit(1, { undetermined: true })),
      / Allowed \(200\)\. Undetermined: the log lacks its bodies, which the rule tests\.$/,
    );
  });
});
