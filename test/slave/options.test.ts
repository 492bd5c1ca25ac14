import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { PassThrough, type Readable } from 'node:stream';
import { expect } from 'chai';
import { Master, type SlaveOptions } from 'dist-io';
import { fixture } from '../support/fixture';
import { runNode } from '../support/program';

describe('slave: options', () => {
  const master = new Master({ env: { FROM_MASTER: 'master', FROM_BOTH: 'master' } });
  after(() => master.exit());

  const create = (options: SlaveOptions) => master.createSlave(fixture('about.js'), options);
  const read = (stream: Readable) => String(stream.read() ?? '');

  it("options - pid is the one of the slave's process", async () => {
    const slave = create({});
    expect((await slave.exec('process')).value).to.include({ pid: slave.pid });
    expect(slave.pid).not.to.equal(process.pid);
    expect(create({ runtime: 'thread' }).pid).to.equal(process.pid);
  });

  it('options - cwd is the working directory of the slave', async () => {
    const folder = realpathSync(tmpdir());
    expect((await create({ cwd: folder }).exec('process')).value).to.include({ cwd: folder });
    expect((await create({}).exec('process')).value).to.include({ cwd: process.cwd() });
  });

  it("options - title is the title of the slave's process", async () => {
    expect((await create({ title: 'dist-io about' }).exec('process')).value).to.include({ title: 'dist-io about' });
  });

  for (const runtime of ['process', 'thread'] as const) {
    describe(`in a ${runtime}`, () => {
      it("options - env is merged over the master's environment", async () => {
        process.env.DIST_IO_TEST_INHERITED = 'inherited';
        const slave = create({ runtime, env: { OWN: 'own', FROM_BOTH: 'slave', DIST_IO_TEST_INHERITED: undefined } });
        const other = create({ runtime });
        delete process.env.DIST_IO_TEST_INHERITED;
        const env = async (name: string) => (await slave.exec('env', name)).value;
        expect(await env('OWN')).to.equal('own');
        expect(await env('FROM_BOTH')).to.equal('slave');
        expect(await env('FROM_MASTER')).to.equal('master');
        expect(await env('PATH')).to.equal(process.env.PATH);
        expect(await env('DIST_IO_TEST_INHERITED')).to.equal(undefined);
        expect((await other.exec('env', 'DIST_IO_TEST_INHERITED')).value).to.equal('inherited');
        expect(process.env).not.to.have.property('OWN');
      });

      for (const stream of ['stdout', 'stderr'] as const) {
        it(`options - ${stream} is written to a stream`, async () => {
          const output = new PassThrough();
          const slave = create({ runtime, [stream]: output });
          await slave.exec('say', [stream, `on ${stream}\n`]);
          await slave.exit();
          expect(read(output)).to.equal(`on ${stream}\n`);
          expect(output.writable).to.equal(true);
        });

        it(`options - ${stream}: 'ignore' discards any amount of output`, async () => {
          const slave = create({ runtime, [stream]: 'ignore' });
          for (let i = 0; i < 20; i++) await slave.exec('say', [stream, 'x'.repeat(100_000)]);
          expect((await slave.exec('env', 'OWN')).ok).to.equal(true);
        });

        it(`options - ${stream} is the master's by default`, async () => {
          const script = `
            const { Master } = require('dist-io');
            const slave = Master.createSlave(${JSON.stringify(fixture('about.js'))}, { runtime: '${runtime}' });
            slave.exec('say', ['${stream}', 'on ${stream}\\n']).then(() => slave.exit());`;
          const { lines, stderr } = await runNode(['-e', script]).ended;
          expect(stream === 'stdout' ? lines.join('') : stderr.trim()).to.equal(`on ${stream}`);
        });
      }
    });
  }

  it("options - execArgv replaces the master's", async () => {
    const script = (options: string) => `
      const { Master } = require('dist-io');
      const slave = Master.createSlave(${JSON.stringify(fixture('about.js'))}, ${options});
      slave.exec('main').then(({ value }) => { console.log(JSON.stringify(value.execArgv)); slave.exit(); });`;
    const execArgvOf = async (options: string) => {
      const { lines } = await runNode(['--no-deprecation', '-e', script(options)]).ended;
      return JSON.parse(lines[0]) as string[];
    };
    expect(await execArgvOf('{}')).to.deep.equal(['--no-deprecation']);
    expect(await execArgvOf(`{ execArgv: ['--no-warnings'] }`)).to.deep.equal(['--no-warnings']);
    expect(await execArgvOf('{ execArgv: [] }')).to.deep.equal([]);
  });

  it("options - the slave's take precedence over the master's", async () => {
    const own = new Master({ timeout: '1m', rejectOnError: true, group: 'all', shutdown: '1s' });
    const [plain, special] = [
      own.createSlave(fixture('about.js')),
      own.createSlave(fixture('about.js'), { timeout: 0, rejectOnError: false, group: 'special' }),
    ];
    expect([plain.timeout, plain.rejectOnError, plain.group]).to.deep.equal([60_000, true, 'all']);
    expect([special.timeout, special.rejectOnError, special.group]).to.deep.equal([Infinity, false, 'special']);
    await own.exit();
  });
});
