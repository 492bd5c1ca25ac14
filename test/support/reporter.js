const { reporters } = require('mocha');

/** Mocha's spec reporter, followed by one plain line with the counts, which `.ci/run` repeats at its end. */
module.exports = class PlainEnd extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
  }
};
