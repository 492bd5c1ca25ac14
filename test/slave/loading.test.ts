import { dirname, relative, sep } from 'node:path';
import { expect } from 'chai';
import { Master } from 'dist-io';
import { fixture } from '../support/fixture';

describe('slave: loading', () => {
  const master = new Master();
  after(() => master.exit());

  const roomsOf = (files: unknown) => {
    const root = fixture('../..');
    const own = (files as string[]).map((file) => dirname(relative(root, file)).split(sep));
    return new Set(own.map((folders) => folders.join('/')));
  };

  for (const runtime of ['process', 'thread'] as const) {
    it(`loading - a CommonJS slave of plain functions loads neither master nor decorators nor inversify in a ${runtime}`, async () => {
      const { value } = await master.createSlave(fixture('about.js'), { runtime }).exec('loaded');
      expect([...roomsOf(value)]).to.have.members(['dist', 'dist/errors', 'dist/slave', 'dist/channel', 'dist/protocol', 'test/fixtures']);
      expect((value as string[]).join('\n')).not.to.match(/reflect-metadata|inversify|node_modules/);
    });

    it(`loading - an ES module that imports dist-io/slave loads neither in a ${runtime}`, async () => {
      const { value } = await master.createSlave(fixture('about.mjs'), { runtime }).exec('loaded');
      expect([...roomsOf(value)].filter((room) => room !== 'dist')).to.have.members([
        'dist/errors',
        'dist/slave',
        'dist/channel',
        'dist/protocol',
      ]);
      expect((value as string[]).join('\n')).not.to.match(/reflect-metadata|inversify|node_modules/);
    });

    it(`loading - a ${runtime} loads only its own channel`, async () => {
      const { value } = await master.createSlave(fixture('about.js'), { runtime }).exec('loaded');
      const other = runtime === 'process' ? /thread/ : /process|socket/;
      const channels = (value as string[]).filter((file) => file.includes(`${sep}channel${sep}`));
      expect(channels.join('\n'))
        .to.match(new RegExp(`${runtime}-channel-slave`))
        .and.not.to.match(other);
      expect(channels.join('\n')).not.to.match(/inline|reaper/);
    });
  }
});
