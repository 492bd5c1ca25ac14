const { reporters } = require('mocha');
const { failWhenStalled } = require('./stall');

/** Mocha's spec reporter, followed by one plain line with the counts, which `.ci/run` repeats at its end. A run that stalls fails. */
module.exports = class PlainEnd extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    if (runner.isParallelMode()) failWhenStalled(runner);
  }

  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
  }
};
