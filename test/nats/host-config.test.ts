import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readHostConfig } from '../../src/nats/host-config';
import { temporaryFolder } from '../support/temporary-folder';

describe('nats: configuration of a host', () => {
  const folder = temporaryFolder();
  const root = join(folder, 'root');
  before(() => {
    for (const path of [root, join(folder, 'root-evil'), join(root, 'folder')]) mkdirSync(path);
    for (const file of ['root/greeter.js', 'root-evil/evil.js', 'outside.js']) writeFileSync(join(folder, file), '');
    symlinkSync(join(folder, 'outside.js'), join(root, 'link.js'));
    symlinkSync(join(root, 'greeter.js'), join(root, 'inner-link.js'));
  });

  const read = (config: object): ReturnType<typeof readHostConfig> => {
    const file = join(folder, 'host.json');
    writeFileSync(file, JSON.stringify({ name: 'h1', insecure: true, root: 'root', scripts: { greeter: 'greeter.js' }, ...config }));
    return readHostConfig(file);
  };

  it('name - is the hostname of the machine by default', () => {
    expect(read({ name: undefined }).name).to.equal(hostname().replaceAll('.', '-'));
  });

  it('scripts - have their real path, version and hash', () => {
    const { scripts } = read({ scripts: { greeter: { file: 'greeter.js', version: '2.1.0' }, linked: 'inner-link.js' } });
    const hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(scripts).to.deep.equal({
      greeter: { file: join(root, 'greeter.js'), version: '2.1.0', hash },
      linked: { file: join(root, 'greeter.js'), version: null, hash },
    });
  });

  for (const [title, file] of Object.entries({
    'a path above the root': '../outside.js',
    'an absolute path elsewhere': '/etc/passwd',
    'a folder whose name begins like the root': '../root-evil/evil.js',
    'a link that leads out': 'link.js',
    'a folder': 'folder',
    'the root': '.',
    'a file that does not exist': 'missing.js',
  }))
    it(`scripts - ${title} is refused`, () => {
      expect(() => read({ scripts: { evil: file } })).to.throw(TypeError, `The script 'evil'`);
    });

  for (const [title, config] of Object.entries<object>({
    'no TLS': { credentials: 'x.creds' },
    'TLS without authentication': { tls: {} },
    'TLS with only an authority': { tls: { caFile: 'ca.pem' } },
    nothing: {},
  }))
    it(`security - ${title} is refused`, () => {
      expect(() => read({ insecure: undefined, ...config })).to.throw(TypeError, 'a host needs "tls"');
    });

  for (const servers of [
    'nats://10.0.0.1:4222',
    ['nats://127.0.0.1:4222', 'nats://example.com'],
    'nats://127.0.0.1.example.com',
    '192.168.0.1:4222',
  ])
    it(`security - insecure is refused for ${JSON.stringify(servers)}`, () => {
      expect(() => read({ servers })).to.throw(TypeError, 'loopback only');
    });

  for (const servers of ['nats://127.0.0.1:4222', 'localhost', ['nats://[::1]:4222', '127.0.0.2:4223']])
    it(`security - insecure is accepted for ${JSON.stringify(servers)}`, () => {
      expect(read({ servers }).name).to.equal('h1');
    });

  for (const [option, value, message] of [
    ['name', 'a.b', 'name must be letters'],
    ['scripts', undefined, 'has no scripts'],
    ['maxSlaves', 0, 'maxSlaves must be'],
    ['script', {}, "Did you mean 'scripts'?"],
    ['env', 'PATH', 'env must be an array'],
  ] as const)
    it(`options - ${option}: ${JSON.stringify(value)} is refused`, () => {
      expect(() => read({ [option]: value })).to.throw(TypeError, message);
    });

  it('file - one that is not JSON or does not exist is refused with its path', () => {
    writeFileSync(join(folder, 'broken.json'), '{');
    for (const name of ['broken.json', 'missing.json'])
      expect(() => readHostConfig(join(folder, name))).to.throw(TypeError, join(folder, name));
  });
});
