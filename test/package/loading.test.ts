import { expect } from 'chai';
import { createProject, type Files } from './support/project';
import { output } from './support/run';
import { INVERSIFY } from './support/tools';

/** Slaves that tell which modules of CommonJS they have loaded; dist-io is made of such. */
const TELLING: Files = {
  'function.cjs': `
    const slave = require('dist-io').Slave;
    slave.task('loaded', () => Object.keys(require.cache));`,
  'function.mjs': `
    import { createRequire } from 'node:module';
    import { Slave } from 'dist-io/slave';
    Slave.task('loaded', () => Object.keys(createRequire(import.meta.url).cache));`,
  'class.cjs': `
    const { Task } = require('dist-io');
    class Teller {
      loaded() {
        return Object.keys(require.cache);
      }
    }
    Task()(Teller.prototype, 'loaded', Object.getOwnPropertyDescriptor(Teller.prototype, 'loaded'));
    module.exports = Teller;`,
  'main.cjs': `
    const { Master } = require('dist-io');
    (async () => {
      const loaded = {};
      for (const file of ['function.cjs', 'function.mjs', 'class.cjs']) {
        loaded[file] = (await Master.createSlave(file).exec('loaded')).unwrap();
      }
      loaded['main.cjs'] = Object.keys(require.cache);
      await Master.exit();
      console.log(JSON.stringify(loaded));
    })();`,
};

describe('modules that a process loads', () => {
  let loaded: Record<string, string[]>;

  before(async () => {
    const { folder } = await createProject(TELLING, INVERSIFY);
    loaded = JSON.parse(await output(folder, process.execPath, 'main.cjs')) as typeof loaded;
  });

  const MASTER = /dist-io\/dist\/master\//;
  const DECORATORS = /dist-io\/dist\/decorators\/|reflect-metadata/;

  for (const file of ['function.cjs', 'function.mjs']) {
    it(`${file} - loads neither the master nor the decorators`, () => {
      expect(loaded[file].filter((path) => MASTER.test(path) || DECORATORS.test(path))).to.deep.equal([]);
      expect(loaded[file].filter((path) => /dist-io\/dist\/slave\//.test(path))).not.to.be.empty;
    });
  }

  it('class.cjs - loads the decorators but not the master', () => {
    expect(loaded['class.cjs'].filter((path) => MASTER.test(path))).to.deep.equal([]);
    expect(loaded['class.cjs'].filter((path) => DECORATORS.test(path))).not.to.be.empty;
  });

  it('main.cjs - loads the master but not the decorators', () => {
    expect(loaded['main.cjs'].filter((path) => DECORATORS.test(path))).to.deep.equal([]);
    expect(loaded['main.cjs'].filter((path) => MASTER.test(path))).not.to.be.empty;
  });

  it('result cache - is not loaded by a slave without a cached task', () => {
    expect(
      Object.values(loaded)
        .flat()
        .filter((path) => /lru-cache|result-cache|task-options/.test(path)),
    ).to.deep.equal([]);
  });

  for (const file of ['function.cjs', 'function.mjs']) {
    it(`${file} - loads no code for options, sizes or durations unless it sets one`, () => {
      expect(loaded[file].filter((path) => /dist\/(units|rules|slave\/options)\.js$|node_modules\/(ms|bytes)\//.test(path))).to.deep.equal(
        [],
      );
    });
  }

  it('suggestions - the code for them is not loaded before the first mistake', () => {
    expect(loaded['main.cjs'].filter((path) => path.endsWith('dist/option-rules.js'))).to.have.length(1);
    expect(
      Object.values(loaded)
        .flat()
        .filter((path) => path.includes('levenshtein')),
    ).to.deep.equal([]);
  });

  it('inversify - is not loaded although it is installed', () => {
    expect(
      Object.values(loaded)
        .flat()
        .filter((path) => path.includes('inversify')),
    ).to.deep.equal([]);
  });
});
