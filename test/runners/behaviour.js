// What must hold in every test runner, in each of its environments: the runner's own file hands over its functions.
const { join } = require('node:path');

const COUNTER = join(__dirname, 'counter.js');

/** @param runner its `test`, its `expect`, and what installs and removes its fake clock */
exports.define = ({ test, expect, dist, useFakeTimers, useRealTimers, Class = dist.Master }) => {
  for (const runtime of ['inline', 'thread', 'process'])
    test(`${runtime} - values, errors, signals and a fake clock`, async () => {
      const master = new Class({ runtime });
      const [one, two] = master.createSlaves(2, COUNTER);
      expect((await one.exec('count')).unwrap()).toEqual(1);
      expect((await one.exec('count')).unwrap()).toEqual(2);
      expect((await two.exec('count')).unwrap()).toEqual(1);

      const value = { date: new Date(5), map: new Map([[1, 2]]), set: new Set([1]), bytes: new Uint8Array([1]), error: new TypeError('t') };
      const { value: echoed } = await one.exec('echo', value);
      for (const [key, one] of Object.entries(value)) expect(echoed[key] instanceof one.constructor).toEqual(true);
      expect((await one.exec('echo', new ArrayBuffer(3))).value instanceof ArrayBuffer).toEqual(true);
      const { error } = await one.exec('fail');
      expect([error instanceof Error, error.code]).toEqual([true, 'ENOENT']);

      const controller = new AbortController();
      const aborted = one.exec('wait', null, { signal: controller.signal });
      controller.abort();
      expect((await aborted).error.code).toEqual('ABORTED');

      useFakeTimers();
      try {
        const late = master.createSlave(COUNTER);
        expect((await late.exec('count')).unwrap()).toEqual(1);
        expect((await late.exec('wait', null, { timeout: 20 })).error.code).toEqual('TIMEOUT');
        expect((await master.exit()).map(({ forced }) => forced)).toEqual([false, false, false]);
      } finally {
        useRealTimers();
      }
    });

  test('inline - a class makes a slave', async () => {
    class Greeter {
      greet(name) {
        return `Hello ${name}`;
      }
    }
    dist.Task()(Greeter.prototype, 'greet', Object.getOwnPropertyDescriptor(Greeter.prototype, 'greet'));
    const master = new Class({ runtime: 'inline' });
    expect(await master.createSlave(Greeter).as().greet('Ann')).toEqual('Hello Ann');
    await master.exit();
  });
};
