import { expect } from 'chai';
import { isOld } from '../../src/nats/server-version';

describe('nats: version of the server', () => {
  for (const version of ['2.9.10', '2.11.15', '2.12.0', '2.12.6'])
    it(`version - ${version} is known to be unsafe`, () => {
      expect(isOld(version)).to.equal(true);
    });

  for (const version of ['2.11.16', '2.11.20', '2.12.7', '2.14.0', '3.0.0'])
    it(`version - ${version} is not`, () => {
      expect(isOld(version)).to.equal(false);
    });
});
