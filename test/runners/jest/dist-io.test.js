/* global jest, test, expect */
const dist = require('dist-io');

require('../behaviour').define({
  test,
  expect,
  dist,
  useFakeTimers: () => jest.useFakeTimers(),
  useRealTimers: () => jest.useRealTimers(),
});
