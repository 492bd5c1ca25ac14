import { expect } from 'chai';
import { toBytes, toMilliseconds, toWait } from '../../src/units';

describe('units', () => {
  for (const [duration, ms] of [
    [5, 5],
    [0.5, 0.5],
    ['250ms', 250],
    ['5s', 5000],
    ['1.5h', 5_400_000],
    ['2 minutes', 120_000],
    ['100', 100],
    [' 250 ms ', 250],
    ['1.5 H', 5_400_000],
    ['.5s', 500],
    ['1d', 86_400_000],
    [0, Infinity],
    [-1, Infinity],
    ['0', Infinity],
    ['0s', Infinity],
    ['-1', Infinity],
    ['-1s', Infinity],
    [Infinity, Infinity],
    [-Infinity, Infinity],
  ] as const) {
    it(`units - ${JSON.stringify(duration)} is a duration of ${ms} ms`, () => expect(toMilliseconds(duration, 'timeout')).to.equal(ms));
  }

  for (const [duration, ms] of [
    [5, 5],
    ['1s', 1000],
    [0, 0],
    [-1, 0],
    ['0', 0],
    ['0s', 0],
    ['-1s', 0],
    [Infinity, Infinity],
  ] as const) {
    it(`units - ${JSON.stringify(duration)} is a wait of ${ms} ms`, () => expect(toWait(duration, 'grace')).to.equal(ms));
  }

  for (const [size, bytes] of [
    [5, 5],
    ['5000b', 5000],
    ['1kb', 1024],
    ['64mb', 64 * 1024 * 1024],
    ['1.5GB', 1.5 * 1024 ** 3],
    ['1.5gb', 1.5 * 1024 ** 3],
    ['200 Kb', 200 * 1024],
    ['5000 B', 5000],
    ['\t64 mb\n', 64 * 1024 ** 2],
    ['2tb', 2 * 1024 ** 4],
    ['1pb', 1024 ** 5],
    ['.5kb', 512],
    ['5.kb', 5 * 1024],
    ['+1kb', 1024],
    // A little is not nothing, which would be without limit.
    ['0.1b', 1],
    ['1.5', 2],
    ['100', 100],
    [' 1 kb ', 1024],
    [0, Infinity],
    ['0', Infinity],
    ['0kb', Infinity],
    [-1, Infinity],
    ['-1', Infinity],
    ['-1.5 mb', Infinity],
    [Infinity, Infinity],
    [-Infinity, Infinity],
  ] as const) {
    it(`units - ${JSON.stringify(size)} is a size of ${bytes} bytes`, () => expect(toBytes(size, 'maxPayload')).to.equal(bytes));
  }

  const WRONG = [
    'soon',
    '',
    ' ',
    's'.repeat(200),
    '5 apples',
    '5s5',
    '1,5mb',
    '1,5s',
    '1e3',
    '0x10',
    '--1',
    '1 2',
    '1..5',
    'kb',
    'ms',
    'NaN',
  ];
  for (const wrong of [...WRONG, 'Infinity', NaN, null, undefined, {}, true, [], [5], 1n, Symbol('5'), () => 5] as unknown[]) {
    it(`units - ${typeof wrong} ${String(wrong).slice(0, 20)} is neither a size nor a duration, and the error quotes it`, () => {
      const quoted = typeof wrong === 'string' ? `'${wrong}'` : typeof wrong === 'bigint' ? '1n' : String(wrong);
      expect(() => toMilliseconds(wrong as never, 'timeout'))
        .to.throw(TypeError, 'timeout must be a duration in ms')
        .with.property('message')
        .that.contains(`not ${quoted}.`);
      expect(() => toBytes(wrong as never, 'maxPayload'))
        .to.throw(TypeError, 'maxPayload must be a size in bytes')
        .with.property('message')
        .that.contains(`not ${quoted}.`);
    });
  }

  it('units - a size has no unit of time and a duration no unit of size', () => {
    for (const size of ['64m', '64 MiB', '64 megabytes', '5s']) expect(() => toBytes(size, 'size')).to.throw(TypeError, `not '${size}'.`);
    for (const duration of ['5kb', '5 fortnights']) expect(() => toMilliseconds(duration, 'ttl')).to.throw(TypeError, `not '${duration}'.`);
  });
});
