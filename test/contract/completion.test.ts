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
  'async, takes data': undefined,
  'returns something thenable': 'value',
  arguments: [3, 'function', 'object'],
  'done declared, resolves a value': 'value',
  'done declared, resolves nothing': undefined,
  'context declared, resolves nothing': undefined,
  'done before the promise': 'value',
  'done as a promise callback': 'value',
  done: 'value',
  'done, no value': undefined,
  'done, null': null,
  'done later': 'value',
  'returns a timer, done later': 'value',
  'returns a number, done later': 'value',
  'returns an object, done later': 'value',
  'returns an object, done': 'value',
  'done as a callback of Node': 'value',
  'done as a callback of Node, no value': null,
  'reads a file by callback': true,
  'done with a default': 'value',
  'rest parameters': 'value',
  'done twice': 'first',
  'done, then an error': 'first',
  'done, then returns': 'first',
  'done, then resolves': 'first',
  'done, then throws': 'first',
  'done, then rejects': 'first',
  'resolves, then done': 'first',
  'resolves nothing, then done': undefined,
  'returns, then done': 'first',
  'done with nothing, then a value': undefined,
};

const ERRORS: Record<string, string> = {
  'done declared, throws': 'thrown',
  'done declared, rejects': 'rejected',
  'done as a callback of Node, fails': 'failed',
  'an error, then done': 'first',
  'throws, then done': 'first',
};

contract('completion', (suite) => {
  let slave: SlaveHandle;
  before(() => {
    slave = suite.createSlave('completion.js');
  });

  for (const [task, value] of Object.entries(VALUES)) {
    suite.it(`completion - ${task}`, async () => {
      const response = await slave.exec(task);
      expect(response.unwrap()).to.deep.equal(value);
    });
  }

  for (const [task, message] of Object.entries(ERRORS)) {
    suite.it(`completion - ${task}`, async () => {
      const { error } = await slave.exec(task);
      expect(error).to.be.an.instanceOf(TypeError).with.property('message', message);
    });
  }

  suite.it('completion - an error that Node gives to a callback fails the task', async () => {
    const { error } = await slave.exec('reads no file by callback');
    expect(error).to.be.an('error').with.property('code', 'ENOENT');
  });

  suite.it('completion - an error of another realm, as in the sandbox of a test runner, fails the task', async () => {
    const { error } = await slave.exec('an error of another realm');
    expect(error).to.be.an('error').with.property('message', 'foreign');
  });

  suite.it('completion - a second completion is not sent', async () => {
    const fresh = suite.createSlave('completion.js');
    await fresh.exec('done twice');
    await fresh.exec('returns, then done');
    await fresh.exec('done later');
    expect(fresh.lateAnswers).to.equal(0);
  });

  suite.it('completion - a handler that declares done runs until done is called', async () => {
    const fresh = suite.createSlave('recorder.js');
    const waiting = fresh.exec('wait');
    await fresh.exec('recorded');
    expect(fresh.pending).to.equal(1);
    await fresh.exec('go on');
    expect((await waiting).value).to.equal('waited');
    expect(fresh.pending).to.equal(0);
  });
});
