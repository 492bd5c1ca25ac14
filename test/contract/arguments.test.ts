import { expect } from 'chai';
import type { Response, SlaveHandle, SlaveOptions } from 'dist-io';
import { contract } from './runtimes';

/** What JavaScript may pass, whatever the types say. */
const wrong = (value: unknown): never => value as never;

contract('arguments', (suite) => {
  let slave: SlaveHandle;
  let response: Response;
  before(async () => {
    slave = suite.createSlave('echo.js');
    response = await slave.exec('echo');
  });

  for (const task of [undefined, null, '', 1, {}, Symbol('s')]) {
    suite.it(`arguments - ${String(task)} as a task name throws a TypeError`, () => {
      expect(() => slave.exec(wrong(task))).to.throw(TypeError, 'The name of a task must be a non-empty string');
      expect(() => suite.master.broadcast(wrong(task))).to.throw(TypeError);
      expect(() => suite.master.tell(slave).to(wrong(task))).to.throw(TypeError);
      expect(() => response.pipe(wrong(task))).to.throw(TypeError, 'The name of a task must be a non-empty string');
    });
  }

  for (const [metadata, words] of [
    [null, 'metadata must be an object, not null'],
    [5, 'metadata must be an object, not 5'],
    [{ timeout: 'soon' }, `metadata.timeout must be a duration in ms or a string such as '5s' (ms, s, m, h, d), not 'soon'`],
    [{ timeout: NaN }, 'metadata.timeout'],
    [{ timeout: null }, 'metadata.timeout'],
    [{ timeout: {} }, 'metadata.timeout'],
    [{ signal: {} }, 'metadata.signal must be an AbortSignal'],
    [{ rejectOnError: 1 }, 'metadata.rejectOnError must be true or false'],
    [{ retries: -1 }, 'metadata.retries must be a whole number, or { times, on }'],
    [{ priority: NaN }, 'metadata.priority must be a number, not NaN'],
    [{ key: NaN }, 'metadata.key must be a string or a number, not NaN'],
    [{ highWaterMark: 0 }, 'metadata.highWaterMark must be a whole number of at least 1, not 0'],
    [{ onProgress: 'log' }, `metadata.onProgress must be a function, not 'log'`],
    [{ cancel: 'kil' }, `metadata.cancel must be 'signal' or 'kill', not 'kil'. Did you mean 'kill'?`],
    [{ transfer: [1] }, 'metadata.transfer must be an array of ArrayBuffers, not '],
  ] as const) {
    suite.it(`arguments - metadata ${JSON.stringify(metadata)} throw a TypeError`, () => {
      expect(() => slave.exec('echo', 1, wrong(metadata))).to.throw(TypeError, words);
      expect(() => suite.master.broadcast('echo', 1, wrong(metadata))).to.throw(TypeError, words);
      expect(() => suite.master.tell([slave]).to('echo', 1, wrong(metadata))).to.throw(TypeError, words);
      expect(() => response.pipe('echo', wrong(metadata))).to.throw(TypeError, words);
      expect(slave.pending).to.equal(0);
    });
  }

  suite.it('arguments - a function as data or metadata is refused, since exec returns a promise', () => {
    const callback = () => undefined;
    for (const args of [[callback], ['data', callback]] as [unknown, never?][]) {
      for (const call of [
        () => slave.exec('echo', ...args),
        () => slave.stream('echo', ...args),
        () => suite.master.broadcast('echo', ...args),
        () => suite.master.tell(slave).to('echo', ...args),
        () => suite.master.createSlaves(0, slave.path).exec('echo', ...args),
        () => suite.master.createWorkpool(slave).do('echo', ...args),
        () => suite.master.createParallel().addTask('echo', ...args),
      ])
        expect(call).to.throw(TypeError, 'returns a promise');
    }
    expect(slave.pending).to.equal(0);
  });

  for (const file of [undefined, null, '', 1, {}, new URL('http://localhost/slave.js')]) {
    suite.it(`arguments - ${String(file)} as a slave's file throws a TypeError`, () => {
      expect(() => suite.master.createSlave(wrong(file))).to.throw(TypeError);
    });
  }

  for (const count of [undefined, null, -1, 1.5, NaN, Infinity, '2']) {
    suite.it(`arguments - ${String(count)} as a number of slaves throws a TypeError`, () => {
      expect(() => suite.master.createSlaves(wrong(count), slave.path)).to.throw(TypeError, 'how many slaves');
    });
  }

  for (const options of [
    null,
    5,
    { alais: 'typo' },
    { runtime: 'container' },
    { alias: '' },
    { group: 1 },
    { args: 'a' },
    { args: [1] },
    { env: 'a' },
    { cwd: '' },
    { execArgv: '--inspect' },
    { title: '' },
    { stdout: 'pipe' },
    { stderr: null },
    { timeout: 'soon' },
    { rejectOnError: 'yes' },
    { maxPayload: '12 apples' },
    { maxPayload: NaN },
    { shutdown: 'later' },
    { toString: 1 },
  ]) {
    suite.it(`arguments - options ${JSON.stringify(options)} throw a TypeError and create no slave`, () => {
      const before = suite.master.slaves.length;
      expect(() => suite.createSlave('echo.js', wrong(options))).to.throw(TypeError);
      expect(suite.master.slaves.length).to.equal(before);
    });
  }

  suite.it('arguments - an error message quotes strings and describes values that cannot be converted to strings', () => {
    const nothing = wrong(Object.create(null));
    expect(() => slave.exec('')).to.throw(TypeError, `non-empty string, not ''.`);
    expect(() => suite.master.createSlaves(wrong('2'), slave.path)).to.throw(TypeError, `not '2'.`);
    expect(() => slave.exec('echo', 1, wrong('5s'))).to.throw(TypeError, `an object, not '5s'.`);
    expect(() => slave.exec(nothing)).to.throw(TypeError, 'The name of a task must be a non-empty string');
    expect(() => slave.exec('echo', 1, { timeout: nothing })).to.throw(TypeError, 'metadata.timeout must be');
    expect(() => suite.master.slave(nothing)).to.throw(TypeError, 'A selector is');
    expect(() => suite.master.createSlave(nothing)).to.throw(TypeError, /a slave's file (must be|is the name)/i);
    expect(() => suite.createSlave('echo.js', { alias: nothing })).to.throw(TypeError, `alias must be`);
  });

  suite.it('arguments - undefined options count as absent', async () => {
    const options: SlaveOptions = { alias: undefined, timeout: undefined, execArgv: undefined, maxPayload: undefined };
    const same = suite.createSlave('echo.js', options);
    expect(same.runtime).to.equal(suite.runtime);
    expect((await same.exec('echo', 1)).value).to.equal(1);
  });

  suite.it('arguments - setters of a handle reject wrong values', () => {
    expect(() => {
      slave.group = '';
    }).to.throw(TypeError);
    expect(() => {
      slave.group = wrong(5);
    }).to.throw(TypeError);
    expect(() => {
      slave.timeout = 'soon';
    }).to.throw(TypeError);
    expect(slave.group).to.equal(null);
    expect(slave.timeout).to.equal(Infinity);
  });

  suite.it('arguments - slave.task rejects wrong names, handlers and duplicates', async () => {
    const { value } = await suite.createSlave('wrong-tasks.js').exec('refused');
    expect(value).to.deep.equal(['TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError', 'DuplicateTaskError']);
  });
});
