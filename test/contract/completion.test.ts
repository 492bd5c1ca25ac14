import { expect } from 'chai';
import type { SlaveHandle } from 'dist-io';
import { contract } from './runtimes';

const VALUES: Record<string, unknown> = {
  'returns a value': 'value',
  'returns nothing': undefined,
  'returns nothing, takes data': undefined,
  'returns null': null,
  resolves: 'value',
  'resolves nothing': undefined,
  'returns something thenable': 'value',
  arguments: [3, 'function', 'object'],
  done: 'value',
  'done, no value': undefined,
  'done later': 'value',
  'done declared, returns a value': 'value',
  'done declared, resolves a value': 'value',
  'done declared, resolves nothing, done later': 'value',
  'done as a promise callback': 'value',
  'done twice': 'first',
  'done, then an error': 'first',
  'done, then returns': 'first',
  'done, then throws': 'first',
  'done, then rejects': 'first',
  'returns, then done': 'first',
  'done with nothing, then a value': undefined,
};

const ERRORS: Record<string, string> = {
  'done declared, throws': 'thrown',
  'done declared, rejects': 'rejected',
  'an error, then done': 'first',
  'throws, then done': 'first',
};

contract('completion', (world) => {
  let slave: SlaveHandle;
  before(() => {
    slave = world.createSlave('completion.js');
  });

  for (const [task, value] of Object.entries(VALUES)) {
    world.it(`completion - ${task}`, async () => {
      const response = await slave.exec(task);
      expect(response.unwrap()).to.deep.equal(value);
    });
  }

  for (const [task, message] of Object.entries(ERRORS)) {
    world.it(`completion - ${task}`, async () => {
      const { error } = await slave.exec(task);
      expect(error).to.be.an.instanceOf(TypeError).with.property('message', message);
    });
  }

  world.it('completion - a second one is not even sent', async () => {
    const fresh = world.createSlave('completion.js');
    await fresh.exec('done twice');
    await fresh.exec('returns, then done');
    await fresh.exec('done later');
    expect(fresh.lateAnswers).to.equal(0);
  });

  world.it('completion - a handler that declares done and never says so is still running', async () => {
    const fresh = world.createSlave('recorder.js');
    const waiting = fresh.exec('wait');
    await fresh.exec('recorded');
    expect(fresh.pending).to.equal(1);
    await fresh.exec('go on');
    expect((await waiting).value).to.equal('waited');
    expect(fresh.pending).to.equal(0);
  });
});
