const { reporters } = require('mocha');

/** Mocha's own report, closed by one plain line with the same counts, for those who read the end of it only. */
module.exports = class PlainEnd extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
  }
};
