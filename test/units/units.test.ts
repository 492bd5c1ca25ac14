import { expect } from 'chai';
import { toBytes, toMilliseconds } from '../../src/units';

describe('units', () => {
  for (const [duration, ms] of [
    [5, 5],
    [0.5, 0.5],
    ['250ms', 250],
    ['5s', 5000],
    ['1.5h', 5_400_000],
    ['2 minutes', 120_000],
    ['100', 100],
    [0, Infinity],
    [-1, Infinity],
    ['-1s', Infinity],
    [Infinity, Infinity],
  ] as const) {
    it(`units - ${JSON.stringify(duration)} is a duration of ${ms} ms`, () => expect(toMilliseconds(duration, 'timeout')).to.equal(ms));
  }

  for (const [size, bytes] of [
    [5, 5],
    ['5000b', 5000],
    ['1kb', 1024],
    ['64mb', 64 * 1024 * 1024],
    ['1.5GB', 1.5 * 1024 ** 3],
    ['100', 100],
    [' 1 kb ', 1024],
    [0, Infinity],
    ['0', Infinity],
    [-1, Infinity],
    [Infinity, Infinity],
  ] as const) {
    it(`units - ${JSON.stringify(size)} is a size of ${bytes} bytes`, () => expect(toBytes(size, 'maxPayload')).to.equal(bytes));
  }

  for (const wrong of ['soon', '', 's'.repeat(200), '5 apples', '5s5', NaN, null, undefined, {}, true, []] as never[]) {
    it(`units - ${typeof wrong} ${String(wrong).slice(0, 20)} is neither`, () => {
      expect(() => toMilliseconds(wrong, 'timeout')).to.throw(TypeError, 'timeout must be a duration');
      expect(() => toBytes(wrong, 'maxPayload')).to.throw(TypeError, 'maxPayload must be a size');
    });
  }
});
