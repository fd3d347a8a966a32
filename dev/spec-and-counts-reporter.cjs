// mocha's spec reporter, which also writes how many tests passed and failed to $TEST_COUNTS_FILE.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class SpecAndCounts extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures } = this.stats;
      if (process.env.TEST_COUNTS_FILE)
        writeFileSync(process.env.TEST_COUNTS_FILE, JSON.stringify({ passes, failures }));
    });
  }
};
