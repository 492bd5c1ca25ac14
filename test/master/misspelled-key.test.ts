import { expect } from 'chai';
import { output } from '../package/support/run';
import { fixture } from '../support/fixture';

interface Warning {
  name: string;
  code: string;
  message: string;
}

/** In a process of its own: a key causes one warning per process, and other tests may have used it. */
async function warningsFor(...keys: string[]): Promise<Warning[]> {
  return JSON.parse(await output(__dirname, process.execPath, fixture('misspelled-keys.js'), ...keys)) as Warning[];
}

describe('master: misspelled metadata keys', () => {
  it('misspelled - a key close to a known one causes one warning, which names that', async () => {
    const keys: Record<string, string> = {
      timout: 'timeout',
      Timeout: 'timeout',
      retires: 'retries',
      onprogress: 'onProgress',
      highWatermark: 'highWaterMark',
      signl: 'signal',
    };
    const warnings = await warningsFor(...Object.keys(keys));
    expect(warnings).to.have.length(Object.keys(keys).length);
    for (const [i, [key, meant]] of Object.entries(keys).entries()) {
      expect(warnings[i]).to.include({ name: 'DistIOWarning', code: 'DIST_IO_METADATA_KEY' });
      expect(warnings[i].message).to.contain(`'${key}'`).and.contain(`Did you mean '${meant}'?`);
    }
  });

  it('misspelled - keys of the program cause none', async () => {
    expect(await warningsFor('user', 'trace', 'time', 'tags', 'single', 'place', 'id', 'timeout')).to.deep.equal([]);
  });
});
