const { deepEqual } = require('node:assert/strict');
const { mock, test } = require('node:test');
const dist = require('dist-io');

require('../behaviour').define({
  test,
  expect: (actual) => ({ toEqual: (expected) => deepEqual(actual, expected) }),
  dist,
  useFakeTimers: () => mock.timers.enable(),
  useRealTimers: () => mock.timers.reset(),
});
