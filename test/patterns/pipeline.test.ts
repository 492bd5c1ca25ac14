import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import {
  AbortError,
  Master,
  NoSlaveError,
  type Response,
  SlaveDiedError,
  type SlaveHandle,
  TimeoutError,
  UnknownSlaveError,
} from 'dist-io';
import { fixture } from '../support/fixture';

const STEPS = fixture('patterns/pipeline-steps.js');

describe('pipeline', () => {
  const master = new Master({ runtime: 'thread' });
  let a: SlaveHandle, b: SlaveHandle, c: SlaveHandle;
  before(() => {
    [a, b] = master.createSlaves(2, STEPS, { alias: 'worker', group: 'workers' });
    c = master.createSlave(STEPS, { runtime: 'inline' });
  });
  after(() => master.exit({ pending: 'abort' }));

  const failure = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => expect.fail('It should have rejected.'),
      (error: unknown) => error,
    );
  const append = (letter: string) => ['append', { letter }] as const;

  describe('steps', () => {
    it('execute - each step gets what the one before it made, and the last response is the answer', async () => {
      const pipeline = master
        .createPipeline<string, string>()
        .addTask(...append('b'))
        .for(a)
        .addTask(...append('c'))
        .for(b);
      const response = await pipeline
        .addTask(...append('d'))
        .for(c)
        .execute('a');
      expect(response).to.include({ value: 'abcd', error: null, from: c.id, slave: c, task: 'append' });
    });

    it('for - binds to its own step, whichever was added since', async () => {
      const pipeline = master.createPipeline();
      const first = pipeline.addTask('who');
      pipeline.addTask('who').for(b);
      first.for(c);
      expect((await pipeline.execute([])).value).to.deep.equal([c.id, b.id]);
    });

    it('for - takes every kind of selector; once more names others', async () => {
      const pipeline = master.createPipeline().addTask('who').for(a).for([c]).addTask('who').for('worker-1').addTask('who').for(a.id);
      expect((await pipeline.execute([])).value).to.deep.equal([c.id, b.id, a.id]);
    });

    it('for - of several, the one with the least to do', async () => {
      const waiting = a.exec('hold');
      const pipeline = master.createPipeline().addTask('who').for('workers');
      const { value } = await pipeline.execute([]);
      await a.exec('release');
      await waiting;
      expect(value).to.deep.equal([b.id]);
    });

    it('for - a slave that joins the group later takes part from then on', async () => {
      const pipeline = master.createPipeline().addTask('who').for('newcomers');
      a.group = 'newcomers';
      const waiting = a.exec('hold');
      const before = await pipeline.execute([]);
      b.group = 'newcomers';
      const after = await pipeline.execute([]);
      a.group = b.group = 'workers';
      await a.exec('release');
      await waiting;
      expect([before.value, after.value]).to.deep.equal([[a.id], [b.id]]);
    });

    it('without for - all living slaves may', async () => {
      const waiting = Promise.all([a.exec('hold'), c.exec('hold')]);
      const { value } = await master.createPipeline().addTask('who').addTask('who').execute([]);
      await Promise.all([a.exec('release'), c.exec('release')]);
      await waiting;
      expect(value).to.deep.equal([b.id, b.id]);
    });

    it('reuse - runs may overlap, and each has its own response', async () => {
      const pipeline = master
        .createPipeline<string, string>()
        .addTask(...append('1'))
        .addTask(...append('2'));
      const responses = await Promise.all(['a', 'b', 'c'].map((letter) => pipeline.execute(letter)));
      expect(responses.map(({ value }) => value)).to.deep.equal(['a12', 'b12', 'c12']);
      expect((await pipeline.addTask(...append('3')).execute('d')).value).to.equal('d123');
    });

    it('metadata - are those of when the step was added, and are never changed; retries are of each step', async () => {
      const metadata = { letter: 'b' };
      const pipeline = master
        .createPipeline()
        .addTask('append', metadata)
        .addTask('fail at first', Object.freeze({ retries: 2 }));
      metadata.letter = 'x';
      expect(await pipeline.execute('a')).to.include({ value: 'ab', attempt: 3 });
      expect(metadata).to.deep.equal({ letter: 'x' });
    });
  });

  describe('intercept', () => {
    const intercepted = (interceptor: Parameters<ReturnType<ReturnType<Master['createPipeline']>['addTask']>['intercept']>[0]) =>
      master
        .createPipeline()
        .addTask(...append('b'))
        .for(a)
        .intercept(interceptor)
        .addTask(...append('c'))
        .for(b)
        .execute('a');

    it('intercept - sees the response of its own step', async () => {
      const seen: Response[] = [];
      await intercepted((response) => void seen.push(response));
      expect(seen).to.have.length(1);
      expect(seen[0]).to.include({ value: 'ab', ok: true, slave: a, task: 'append' });
    });

    it('intercept - what it returns goes on, undefined does not', async () => {
      expect((await intercepted(() => 'x')).value).to.equal('xc');
      expect((await intercepted(() => undefined)).value).to.equal('abc');
      for (const falsy of [null, false, 0, '']) expect((await intercepted(() => falsy)).value).to.equal(`${falsy}c`);
    });

    it('intercept - what it resolves goes on', async () => {
      expect(
        (await intercepted(({ value }) => a.exec('append', value, { letter: '!' }).then((response) => response.value))).value,
      ).to.equal('ab!c');
      expect((await intercepted(() => Promise.resolve())).value).to.equal('abc');
    });

    it('intercept - of the last step changes what comes out', async () => {
      const pipeline = master
        .createPipeline()
        .addTask(...append('b'))
        .for(c)
        .intercept(({ value }) => [value]);
      expect(await pipeline.execute('a'))
        .to.deep.include({ value: ['ab'] })
        .and.to.include({ ok: true, slave: c, task: 'append' });
    });

    it('intercept - once more sets another', async () => {
      const pipeline = master
        .createPipeline()
        .addTask(...append('b'))
        .intercept(() => 'first')
        .intercept(() => 'second');
      expect((await pipeline.execute('a')).value).to.equal('second');
    });

    it('end - nothing follows, and the answer is a response of that step with that value', async () => {
      const before = (await b.exec('executed')).value;
      const response = await intercepted((_, end) => end('the end'));
      expect(response).to.include({ value: 'the end', ok: true, error: null, from: a.id, task: 'append' });
      expect((await b.exec('executed')).value).to.equal(before);
    });

    it('end - without a value leaves that of the response', async () => {
      expect((await intercepted((_, end) => end())).value).to.equal('ab');
    });

    it('end - the first one counts, and more than what is returned', async () => {
      const response = await intercepted((_, end) => {
        end('first');
        end('second');
        return 'returned';
      });
      expect(response.value).to.equal('first');
    });

    it('end - after the interceptor is too late', async () => {
      let late: (() => void) | undefined;
      const pipeline = master
        .createPipeline()
        .addTask(...append('b'))
        .intercept((_, end) => void (late = () => end('late')))
        .addTask(...append('c'))
        .intercept(() => late?.());
      expect((await pipeline.execute('a')).value).to.equal('abc');
    });

    it('intercept - what it throws or rejects with, execute rejects with', async () => {
      const thrown = intercepted(() => {
        throw new Error('from the interceptor');
      });
      expect(await failure(thrown)).to.have.property('message', 'from the interceptor');
      expect(await failure(intercepted(() => Promise.reject(new Error('later'))))).to.have.property('message', 'later');
    });
  });

  describe('what goes wrong', () => {
    it('error - ends it: no interceptor is called, and nothing follows', async () => {
      const before = (await b.exec('executed')).value;
      const pipeline = master
        .createPipeline()
        .addTask('fail')
        .for(a)
        .intercept(() => expect.fail('It was called.'));
      const response = await pipeline
        .addTask(...append('c'))
        .for(b)
        .execute('on purpose');
      expect(response).to.include({ ok: false, value: undefined, from: a.id, task: 'fail' });
      expect(response.error).to.be.an.instanceOf(RangeError).with.property('message', 'on purpose');
      expect((await b.exec('executed')).value).to.equal(before);
    });

    it('rejectOnError - of a step rejects with its error', async () => {
      const pipeline = master
        .createPipeline()
        .addTask('fail', { rejectOnError: true })
        .addTask(...append('c'));
      expect(await failure(pipeline.execute('on purpose'))).to.be.an.instanceOf(RangeError);
    });

    it('unknown slave, no slave - reject before anything is executed', async () => {
      const before = (await a.exec('executed')).value;
      const pipeline = master
        .createPipeline()
        .addTask(...append('b'))
        .for(a);
      expect(await failure(pipeline.addTask('who').for('nobody').execute('a'))).to.be.an.instanceOf(UnknownSlaveError);
      expect(await failure(master.createPipeline().addTask('who').for([]).execute(1))).to.be.an.instanceOf(NoSlaveError);
      expect(await failure(new Master().createPipeline().addTask('who').execute(1))).to.be.an.instanceOf(NoSlaveError);
      expect((await a.exec('executed')).value).to.equal(before);
    });

    it('no step - rejects', async () => {
      expect(await failure(master.createPipeline().execute(1))).to.be.an.instanceOf(TypeError);
      expect(await failure(master.createPipeline().map([1]).next())).to.be.an.instanceOf(TypeError);
    });

    it('death - is the error of the step; a slave that has died since is passed over', async () => {
      const mortal = master.createSlave(STEPS);
      const pipeline = master.createPipeline().addTask('die').for(mortal).addTask('who').for(a);
      expect((await pipeline.execute(1)).error).to.be.an.instanceOf(SlaveDiedError);
      expect((await pipeline.execute(1)).error).to.be.an.instanceOf(SlaveDiedError);
      expect((await master.createPipeline().addTask('who').for(mortal, a).execute([])).value).to.deep.equal([a.id]);
    });

    it('arguments - of a wrong type throw at once', () => {
      const pipeline = master.createPipeline();
      const wrong = (value: unknown): never => value as never;
      expect(() => pipeline.addTask(wrong(undefined))).to.throw(TypeError);
      expect(() => pipeline.addTask('who', { timeout: 'soon' })).to.throw(TypeError);
      expect(() => pipeline.addTask('who').intercept(wrong('x'))).to.throw(TypeError);
      expect(() => pipeline.execute(1, { timeout: 'soon' })).to.throw(TypeError);
      for (const source of [1, {}, null, undefined]) expect(() => pipeline.map(wrong(source))).to.throw(TypeError, 'iterable');
      for (const highWaterMark of [0, -1, 1.5, '2', NaN])
        expect(() => pipeline.map([], { highWaterMark: wrong(highWaterMark) })).to.throw(TypeError);
      expect(() => pipeline.map([], { signal: wrong({}) })).to.throw(TypeError);
      expect(() => pipeline.execute(1, wrong({ highWaterMark: 1 }))).to.throw(TypeError, `There is no option 'highWaterMark'`);
      expect(() => pipeline.map([], wrong({ concurrency: 1 }))).to.throw(TypeError, `There is no option 'concurrency'`);
    });
  });

  describe('the whole', () => {
    it('signal - ends the step that runs', async () => {
      const controller = new AbortController();
      const pipeline = master.createPipeline().addTask('until aborted').for(a).addTask('who');
      const responding = pipeline.execute(1, { signal: controller.signal });
      controller.abort('enough');
      expect((await responding).error)
        .to.be.an.instanceOf(AbortError)
        .with.property('reason', 'enough');
      expect(getEventListeners(controller.signal, 'abort')).to.deep.equal([]);
    });

    it('signal - aborted between two steps lets the next one not be sent', async () => {
      const before = (await b.exec('executed')).value;
      const controller = new AbortController();
      const pipeline = master
        .createPipeline()
        .addTask('who')
        .for(a)
        .intercept(() => controller.abort('enough'));
      const response = await pipeline
        .addTask(...append('c'))
        .for(b)
        .execute([], { signal: controller.signal });
      expect(response.error).to.be.an.instanceOf(AbortError);
      expect((await b.exec('executed')).value).to.equal(before);
    });

    it('timeout - is a deadline for all steps together, and for the interceptors', async () => {
      const never = new Promise<never>(() => undefined);
      const options = { timeout: 30 };
      const running = await master.createPipeline().addTask('until aborted', { timeout: '1h' }).for(a).execute(1, options);
      expect(running.error).to.be.an.instanceOf(TimeoutError);
      const pipeline = master
        .createPipeline()
        .addTask('who')
        .for(a)
        .intercept(() => never);
      const intercepted = await pipeline.execute([], options);
      expect(intercepted).to.include({ value: undefined, task: 'who', slave: a });
      expect(intercepted.error).to.be.an.instanceOf(TimeoutError).with.property('timeout', 30);
      const strict = master
        .createPipeline()
        .addTask('who', { rejectOnError: true })
        .for(a)
        .intercept(() => never);
      expect(await failure(strict.execute([], options))).to.be.an.instanceOf(TimeoutError);
    });

    it('timeout - the error names that of the whole, and not what was left of it for a step', async () => {
      const pipeline = master
        .createPipeline()
        .addTask('who')
        .for(a)
        .intercept(() => new Promise<void>((resolve) => setTimeout(resolve, 5)));
      const { error, slave } = await pipeline.addTask('until aborted').for(b).execute([], { timeout: 100 });
      expect(error).to.be.an.instanceOf(TimeoutError).with.property('timeout', 100);
      expect(slave).to.equal(b);
    });

    it('timeout - once it is over, the next step is not sent', async () => {
      const before = (await b.exec('executed')).value;
      // Holds this thread until the time is up, so that no timer could fire.
      const sleep = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
      const late = (metadata: { rejectOnError?: boolean }) => {
        const pipeline = master.createPipeline().addTask('who').for(a).intercept(sleep);
        return pipeline.addTask('who', metadata).for(b).execute([], { timeout: 50 });
      };
      expect((await late({})).error).to.be.an.instanceOf(TimeoutError);
      expect(await failure(late({ rejectOnError: true }))).to.be.an.instanceOf(TimeoutError);
      expect((await b.exec('executed')).value).to.equal(before);
    });

    it('leaks - after runs of every kind, a long-lived signal has no listener', async () => {
      const { signal } = new AbortController();
      const pipeline = master
        .createPipeline<number, number>()
        .addTask('even', { signal })
        .for(c)
        .intercept(() => Promise.resolve());
      for (let i = 0; i < 20; i++) {
        await pipeline.execute(i, { signal, timeout: '1m' });
        for await (const value of pipeline.map([0, 2, 4], { signal, timeout: '1m' })) if (value === i) break;
        await failure(pipeline.map([1], { signal }).next());
      }
      expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
    });
  });
});
