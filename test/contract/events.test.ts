import { once } from 'node:events';
import { expect } from 'chai';
import type { Response } from 'dist-io';
import { contract } from './runtimes';

contract('events', (suite) => {
  suite.it('events - a slave emits ready, request, response and exit in order', async () => {
    const slave = suite.createSlave('response.js');
    const heard: unknown[] = [];
    slave
      .on('ready', () => heard.push('ready'))
      .on('request', (task, data) => heard.push(['request', task, data]))
      .on('response', ({ task, value }) => heard.push(['response', task, value]))
      .on('error', (error) => heard.push(error))
      .on('exit', (report) => heard.push(report));
    await slave.ready();
    await slave.exec('echo', 1);
    const report = await slave.exit();
    expect(heard).to.deep.equal(['ready', ['request', 'echo', 1], ['response', 'echo', 1], report]);
  });

  suite.it('events - a failed response is emitted as a response', async () => {
    const slave = suite.createSlave('response.js');
    const heard = once(slave, 'response') as Promise<[Response]>;
    await slave.exec('fail', 'on purpose');
    const [{ error }] = await heard;
    expect(error).to.be.an.instanceOf(RangeError);
    await slave.exit();
  });

  suite.it('events - a slave that does not start emits error, then exit', async () => {
    const slave = suite.createSlave('no-such-file.js');
    const heard: unknown[] = [];
    slave.on('error', ({ code }) => heard.push(code)).on('exit', ({ id }) => heard.push(id));
    await new Promise((resolve) => slave.once('exit', resolve));
    expect(heard).to.deep.equal(['SPAWN_FAILED', slave.id]);
  });

  suite.it('events - an event without listeners never throws, not even error', async () => {
    const slave = suite.createSlave('no-such-file.js');
    const { error } = await slave.exec('echo');
    expect(error).to.have.property('code', 'SPAWN_FAILED');
    expect(slave.isAlive).to.equal(false);
  });
});
