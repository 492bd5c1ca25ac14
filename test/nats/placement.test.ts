import { expect } from 'chai';
import { suits } from '../../src/spawn/host-selector';
import { type HostStatus, PROTOCOL } from '../../src/nats/host-messages';
import { candidates, type Wanted, whyNone } from '../../src/nats/placement';

const script = { version: null, hash: '' };

const status = (name: string, facts: Partial<HostStatus> = {}): HostStatus => ({
  name,
  instance: name,
  version: '1.0.0',
  protocols: [PROTOCOL, PROTOCOL],
  labels: {},
  scripts: { thumbs: script },
  slaves: 0,
  maxSlaves: 4,
  load: 0,
  isDraining: false,
  ...facts,
});

describe('nats: placement', () => {
  const labels = { gpu: true, zone: 'eu', cores: 16 };

  for (const [selector, expected] of [
    ['any', true],
    ['h1', true],
    ['h2', false],
    [['h2', 'h1'], true],
    [['h2'], false],
    [{}, true],
    [{ gpu: true }, true],
    [{ gpu: false }, false],
    [{ gpu: 'true' }, true],
    [{ zone: 'eu' }, true],
    [{ zone: '=eu' }, true],
    [{ zone: '!=eu' }, false],
    [{ zone: '!=us' }, true],
    [{ disk: '!=ssd' }, true],
    [{ disk: 'ssd' }, false],
    [{ cores: 16 }, true],
    [{ cores: '>=16' }, true],
    [{ cores: '>=17' }, false],
    [{ zone: '>=1' }, false],
    [{ gpu: true, zone: 'us' }, false],
  ] as const)
    it(`labels - ${JSON.stringify(selector)} ${expected ? 'selects' : 'does not select'} ${JSON.stringify(labels)}`, () => {
      expect(suits(selector, { name: 'h1', labels })).to.equal(expected);
    });

  const wanted = { script: 'thumbs', host: 'any', version: undefined, hash: undefined };
  const names = (hosts: HostStatus[], placement: 'spread' | 'pack' = 'spread', what: Partial<Wanted> = {}): string[] =>
    candidates(hosts, { ...wanted, ...what }, placement).map(({ name }) => name);

  it('spread - the host with the largest free share comes first', () => {
    expect(names([status('a', { slaves: 3 }), status('b', { slaves: 10, maxSlaves: 100 }), status('c', { slaves: 2 })])).to.deep.equal([
      'b',
      'c',
      'a',
    ]);
  });

  it('pack - the fullest host that has room comes first', () => {
    expect(names([status('a'), status('b', { slaves: 3 }), status('c', { slaves: 4 })], 'pack')).to.deep.equal(['b', 'a']);
  });

  it('candidates - are not full, not draining, offer the script and speak the protocol', () => {
    const hosts = [
      status('full', { slaves: 4 }),
      status('draining', { isDraining: true }),
      status('other', { scripts: { resize: script } }),
      status('newer', { protocols: [PROTOCOL + 1, PROTOCOL + 2] }),
      status('both', { protocols: [PROTOCOL, PROTOCOL + 1] }),
    ];
    expect(names(hosts)).to.deep.equal(['both']);
  });

  it('version - a range, or the file of those that were started before', () => {
    const offering = (name: string, version: string | null, hash: string): HostStatus =>
      status(name, { scripts: { thumbs: { version, hash } } });
    const hosts = [offering('a', '1.9.0', 'x'), offering('b', '2.0.1', 'y'), offering('c', '2.4.0', 'z'), offering('d', null, 'y')];
    const versions = (version: string | undefined, hash?: string): string[] => names(hosts, 'spread', { version, hash });
    expect(versions(undefined)).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(versions('^2')).to.deep.equal(['b', 'c']);
    expect(versions('>=2.1 || 1.x')).to.deep.equal(['a', 'c']);
    expect(versions('same')).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(versions('same', 'y')).to.deep.equal(['b', 'd']);
    expect(versions('^3')).to.deep.equal([]);
    expect(whyNone(hosts, { ...wanted, version: '^3' })).to.include('They offer: a 1.9.0, b 2.0.1, c 2.4.0, d none.');
  });

  it('no candidate - the reason says what there is', () => {
    const why = (hosts: HostStatus[], host = 'any'): string => whyNone(hosts, { ...wanted, host });
    expect(why([])).to.include('no host answers');
    expect(why([status('h1')], 'h2')).to.include('There are: h1.');
    expect(why([status('h1', { scripts: { resize: script } })])).to.include('They offer: resize.');
    expect(why([status('h1', { slaves: 4 })])).to.include('full, draining');
  });
});
