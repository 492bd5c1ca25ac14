/* global it */
const { deepEqual } = require('node:assert/strict');
const FakeTimers = require('@sinonjs/fake-timers');
const dist = require('dist-io');

let clock;
require('../behaviour').define({
  test: it,
  expect: (actual) => ({ toEqual: (expected) => deepEqual(actual, expected) }),
  dist,
  useFakeTimers: () => (clock = FakeTimers.install()),
  useRealTimers: () => clock.uninstall(),
});
