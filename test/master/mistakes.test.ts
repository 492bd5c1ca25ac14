import { expect } from 'chai';
import { bootstrap, Master, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';

describe('options: mistakes', () => {
  const master = new Master({ runtime: 'inline' });
  let slave: SlaveHandle;
  before(() => {
    slave = master.createSlave(fixture('echo.js'));
  });
  after(() => master.exit());

  /** Everywhere that options are taken: with one that is nearly right, and what was meant. */
  const PLACES: Record<string, [take: (options: never) => unknown, mistake: string, meant: string]> = {
    'new Master': [(options) => new Master(options), 'maxPaylod', 'maxPayload'],
    'master.setOptions': [(options) => master.setOptions(options), 'timout', 'timeout'],
    createSlave: [(options) => master.createSlave(fixture('echo.js'), options), 'alais', 'alias'],
    createSlaves: [(options) => master.createSlaves(2, fixture('echo.js'), options), 'rejectOnErr', 'rejectOnError'],
    'slave.exit': [(options) => slave.exit(options), 'pendings', 'pending'],
    'group.exit': [(options) => master.createSlaves(0, fixture('echo.js')).exit(options), 'pendig', 'pending'],
    'master.exit': [(options) => new Master().exit(options), 'Pending', 'pending'],
    'pool.exit': [(options) => master.createWorkpool().exit(options), 'pendin', 'pending'],
    createWorkpool: [(options) => master.createWorkpool(options), 'max_queue', 'maxQueue'],
    'pool.map': [(options) => master.createWorkpool(slave).map([], 'echo', options), 'order', 'ordered'],
    'parallel.execute': [(options) => master.createParallel().execute(options), 'timeOut', 'timeout'],
    'pipeline.execute': [(options) => master.createPipeline().addTask('echo').execute(1, options), 'singal', 'signal'],
    'pipeline.map': [(options) => master.createPipeline().addTask('echo').map([], options), 'highWatermark', 'highWaterMark'],
    'scatter.gather': [(options) => master.createScatter('echo').gather(options), 'time', 'timeout'],
    'scatter.reduce': [(options) => master.createScatter('echo').reduce(() => 0, 0, options), 'signals', 'signal'],
    bootstrap: [(options) => bootstrap([], options), 'conteiner', 'container'],
  };

  for (const [place, [take, mistake, meant]] of Object.entries(PLACES)) {
    it(`names - ${place} rejects ${mistake} and suggests ${meant}`, () => {
      const words = `There is no option '${mistake}'. Did you mean '${meant}'? The options are: `;
      expect(() => take({ [mistake]: 1 } as never)).to.throw(TypeError, words);
      expect(() => take({ [mistake]: undefined } as never)).to.throw(TypeError, words);
    });
  }

  it('names - ping rejects timout and suggests timeout', async () => {
    const error = await rejection(slave.ping({ timout: 5 } as never));
    expect(error).to.be.an.instanceOf(TypeError).with.property('message').that.contains(`Did you mean 'timeout'?`);
  });

  it('names - a name without similar option gets no suggestion but the list of options', () => {
    const words = `There is no option 'nonsense'. The options are: concurrency, maxQueue, refillTimeout, timeout.`;
    expect(() => master.createWorkpool({ nonsense: 1 } as never)).to.throw(TypeError, words);
  });

  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
    it(`names - ${name} is not an option`, () => {
      const options = JSON.parse(`{ "${name}": 1 }`) as never;
      expect(() => master.createSlave(fixture('echo.js'), options)).to.throw(TypeError, `There is no option '${name}'`);
    });

  for (const [option, value, words] of [
    ['runtime', 'proces', `runtime must be 'process', 'thread' or 'inline', not 'proces'. Did you mean 'process'?`],
    ['runtime', 'THREADS', `not 'THREADS'. Did you mean 'thread'?`],
    ['runtime', 'container', `runtime must be 'process', 'thread' or 'inline', not 'container'.`],
    ['runtime', 1, `runtime must be 'process', 'thread' or 'inline', not 1.`],
    ['stdout', 'inherited', `stdout must be 'inherit', 'ignore' or a stream, not 'inherited'. Did you mean 'inherit'?`],
    ['stderr', 'ignored', `stderr must be 'inherit', 'ignore' or a stream, not 'ignored'. Did you mean 'ignore'?`],
    ['args', 'a', `args must be an array of strings, not 'a'.`],
    ['env', 'a', `env must be an object, not 'a'.`],
    ['alias', '', `alias must be a non-empty string, not ''.`],
    ['rejectOnError', 'yes', `rejectOnError must be true or false, not 'yes'.`],
    ['timeout', '5 sec onds', `timeout must be a duration in ms or a string such as '5s' (ms, s, m, h, d), not '5 sec onds'.`],
    ['maxPayload', '1,5mb', `maxPayload must be a size in bytes or a string such as '64mb' (b, kb, mb, gb), not '1,5mb'.`],
  ] as const)
    it(`values - ${option}: ${JSON.stringify(value)} throws and the error lists the valid values`, () => {
      expect(() => master.createSlave(fixture('echo.js'), { [option]: value })).to.throw(TypeError, words);
    });

  it('values - exit suggests the nearest valid value', () => {
    const words = `pending must be 'finish' or 'abort', not 'finished'. Did you mean 'finish'?`;
    expect(() => slave.exit({ pending: 'finished' as 'finish' })).to.throw(TypeError, words);
    expect(slave.isAlive).to.equal(true);
  });

  it('values - wrong options of patterns throw', () => {
    for (const [take, words] of [
      [() => master.createWorkpool({ concurrency: 0 }), 'concurrency must be a whole number of at least 1, not 0.'],
      [() => master.createWorkpool({ maxQueue: -1 }), 'maxQueue must be a whole number, not -1.'],
      [() => master.createWorkpool(slave).map([], 'echo', { ordered: 'no' as never }), `ordered must be true or false, not 'no'.`],
      [() => master.createPipeline().map([], { highWaterMark: 1.5 }), 'highWaterMark must be a whole number of at least 1, not 1.5.'],
      [() => master.createParallel().execute({ signal: 'stop' as never }), `signal must be an AbortSignal, not 'stop'.`],
      [() => master.createScatter('echo', { chunkSize: 0 }), 'metadata.chunkSize must be a whole number of at least 1, not 0.'],
      [() => bootstrap([], { container: new Map().size as never }), 'container must be an object with get(Class), not 0.'],
    ] as const)
      expect(take).to.throw(TypeError, words);
  });

  it('metadata - any other key is sent to the task', async () => {
    expect((await slave.exec('echo', 1, { timout: 5 })).value).to.equal(1);
  });
});
