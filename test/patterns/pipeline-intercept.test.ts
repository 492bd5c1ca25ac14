import { expect } from 'chai';
import type { Master, Response } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { createTeam } from './support/team';

const STEPS = fixture('patterns/pipeline-steps.js');

describe('pipeline: interceptors', () => {
  const team = createTeam(STEPS);
  const { master } = team;
  const append = (letter: string) => ['append', { letter }] as const;

  const intercepted = (interceptor: Parameters<ReturnType<ReturnType<Master['createPipeline']>['addTask']>['intercept']>[0]) =>
    master
      .createPipeline()
      .addTask(...append('b'))
      .for(team.worker1)
      .intercept(interceptor)
      .addTask(...append('c'))
      .for(team.worker2)
      .execute('a');

  it('intercept - gets the response of its step', async () => {
    const seen: Response[] = [];
    await intercepted((response) => void seen.push(response));
    expect(seen).to.have.length(1);
    expect(seen[0]).to.include({ value: 'ab', ok: true, slave: team.worker1, task: 'append' });
  });

  it("intercept - a returned value replaces the step's value, undefined does not", async () => {
    expect((await intercepted(() => 'x')).value).to.equal('xc');
    expect((await intercepted(() => undefined)).value).to.equal('abc');
    for (const falsy of [null, false, 0, '']) expect((await intercepted(() => falsy)).value).to.equal(`${falsy}c`);
  });

  it("intercept - a resolved value replaces the step's value", async () => {
    expect(
      (await intercepted(({ value }) => team.worker1.exec('append', value, { letter: '!' }).then((response) => response.value))).value,
    ).to.equal('ab!c');
    expect((await intercepted(() => Promise.resolve())).value).to.equal('abc');
  });

  it('intercept - of the last step replaces the result', async () => {
    const pipeline = master
      .createPipeline()
      .addTask(...append('b'))
      .for(team.inline)
      .intercept(({ value }) => [value]);
    expect(await pipeline.execute('a'))
      .to.deep.include({ value: ['ab'] })
      .and.to.include({ ok: true, slave: team.inline, task: 'append' });
  });

  it('intercept - a second call replaces the interceptor', async () => {
    const pipeline = master
      .createPipeline()
      .addTask(...append('b'))
      .intercept(() => 'first')
      .intercept(() => 'second');
    expect((await pipeline.execute('a')).value).to.equal('second');
  });

  it('end - skips the remaining steps and resolves a response with its value', async () => {
    const before = (await team.worker2.exec('executed')).value;
    const response = await intercepted((_, end) => end('the end'));
    expect(response).to.include({ value: 'the end', ok: true, error: null, from: team.worker1.id, task: 'append' });
    expect((await team.worker2.exec('executed')).value).to.equal(before);
  });

  it("end - without a value keeps the response's value", async () => {
    expect((await intercepted((_, end) => end())).value).to.equal('ab');
  });

  it('end - the first call counts and takes precedence over the returned value', async () => {
    const response = await intercepted((_, end) => {
      end('first');
      end('second');
      return 'returned';
    });
    expect(response.value).to.equal('first');
  });

  it('end - has no effect after the interceptor has returned', async () => {
    let late: (() => void) | undefined;
    const pipeline = master
      .createPipeline()
      .addTask(...append('b'))
      .intercept((_, end) => void (late = () => end('late')))
      .addTask(...append('c'))
      .intercept(() => late?.());
    expect((await pipeline.execute('a')).value).to.equal('abc');
  });

  it('intercept - its error rejects execute', async () => {
    const thrown = intercepted(() => {
      throw new Error('from the interceptor');
    });
    expect(await rejection(thrown)).to.have.property('message', 'from the interceptor');
    expect(await rejection(intercepted(() => Promise.reject(new Error('later'))))).to.have.property('message', 'later');
  });
});
