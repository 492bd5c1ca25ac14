import { execFile, execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { type Client, Master } from 'dist-io';
import { masterModule, slaveModule } from 'dist-io/inversify';
import { Container } from 'inversify';
import { readable, toBytePath } from '../../examples/census/byte-path';
import { Census, MEASURER } from '../../examples/census/census';
import { type FileFacts, FileMeasurer } from '../../examples/census/file-measurer';
import type { Findings, Trouble } from '../../examples/census/findings';

const ROOT = resolve(__dirname, '../..');

describe('census', function () {
  let folder: string;
  let tree: string;
  let findings: Findings;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'census-'));
    tree = join(folder, 'tree');
    plant(tree);
    findings = await takeWithSlaves(tree);
  });
  // Not Node's own: it cannot name files whose names are no UTF-8, nor paths that are too long for the system.
  after(() => execFileSync('rm', ['-rf', folder]));

  it('files - equal the output of find, with sizes', () => holdFiles(findings, tree));

  it('hashes - equal the output of sha256sum for every file', () => holdHashes(findings, tree));

  it('files and hashes - of a real package equal the output of find and sha256sum', async () => {
    const real = join(ROOT, 'node_modules/typescript');
    const found = await takeWithSlaves(real);
    holdFiles(found, real);
    holdHashes(found, real);
    expect(found.total.lines).to.equal(wc('-l', real));
  });

  it('lines - equal the output of wc for every file', () => {
    expect(findings.total.lines).to.equal(wc('-l', tree));
  });

  it('words - equal the output of wc for text files', async () => {
    const texts = join(tree, 'texts');
    expect((await takeHere(texts)).total.words)
      .to.equal(wc('-w', texts))
      .and.to.be.above(100);
  });

  it('types - have the totals of their files', () => {
    expect(findings.byType.get('.md')).to.include({ files: 2, bytes: 13, lines: 2, words: 3, longestLine: 6 });
    expect(findings.byType.get('')?.files).to.equal(zeroEnded('find', [tree, '-type', 'f', '!', '-name', '?*.*', '-print0']).length);
    const types = [...findings.byType.values()];
    for (const key of ['files', 'bytes', 'lines', 'words'] as const) {
      expect(sum(types.map((totals) => totals[key])), key).to.equal(findings.total[key]);
    }
  });

  it('duplicates - are listed with the wasted bytes; hard links and empty files waste nothing', () => {
    const told = findings.duplicates.map(({ paths, copies, wasted }) => ({ paths: paths.map(inTree(tree)).sort(), copies, wasted }));
    expect(told).to.deep.equal([
      { paths: ['twins/one.bin', 'twins/three.bin', 'twins/two.bin'], copies: 3, wasted: 2000 },
      { paths: ['twins/a.txt', 'twins/b.txt', 'twins/link to b.txt'], copies: 2, wasted: 6 },
    ]);
  });

  it('largest - lists the largest files first', () => {
    const sizes = zeroEnded('find', [tree, '-type', 'f', '-printf', '%s\\0']).map(Number);
    const largest = findings.largest(5).map(({ bytes }) => bytes);
    expect(largest).to.deep.equal(sizes.sort((a, b) => b - a).slice(0, 5));
  });

  it('trouble - unreadable files are counted and listed, and links are not followed', () => {
    const told = (trouble: Trouble) =>
      findings.troubles
        .get(trouble)
        ?.map(({ path }) => inTree(tree)(path))
        .sort();
    expect(told('broken link')).to.deep.equal(['links/one of a circle', 'links/other of a circle', 'links/to nowhere']);
    expect(told('special file')).to.deep.equal(['pipe']);
    expect(told('not UTF-8: UTF-16')).to.deep.equal(['encodings/utf-16-be.txt', 'encodings/utf-16-le.txt']);
    expect(told('not UTF-8: binary')).to.deep.equal(['encodings/zeros.bin', 'twins/one.bin', 'twins/three.bin', 'twins/two.bin']);
    expect(told('not UTF-8: other')).to.deep.equal(['encodings/cut in a character.txt', 'encodings/latin-1.txt']);
    expect([...findings.troubles.keys()]).to.have.length(5);
    expect(findings.links).to.equal(3);
  });

  it('trouble - a folder whose path is too long is listed, and the rest is counted', async () => {
    const [deep, deeper] = ['deep', 'deeper'].map((name) => join(folder, name, ...Array<string>(9).fill('d'.repeat(250))));
    for (const bottom of [deep, deeper]) {
      mkdirSync(bottom, { recursive: true });
      writeFileSync(join(bottom, 'file'), '');
    }
    // No single call takes the whole path; find goes step by step.
    renameSync(join(folder, 'deeper'), join(deep, 'deeper'));
    expect(zeroEnded('find', [join(folder, 'deep'), '-type', 'f', '-printf', '%f\\0'])).to.deep.equal(['file', 'file']);

    const { total, troubles } = await takeHere(join(folder, 'deep'));
    expect(troubles.get('unreadable')).to.have.length(1);
    expect(troubles.get('unreadable')?.[0].code).to.equal('ENAMETOOLONG');
    expect(total.files).to.equal(1);
  });

  it('trouble - a file deleted during the census is listed', async () => {
    const place = mkdtempSync(join(folder, 'vanishing-'));
    for (const name of ['gone', 'stays']) writeFileSync(join(place, name), name);
    const measurer = new FileMeasurer();
    const census = new Census({
      measure: async (paths) => {
        rmSync(join(place, 'gone'));
        return Promise.resolve(measurer.measure(paths));
      },
    });
    const { total, troubles } = await census.take(place);
    expect(troubles.get('vanished')).to.deep.equal([{ path: join(place, 'gone'), code: 'ENOENT' }]);
    expect(total.files).to.equal(1);
  });

  describe('measuring', () => {
    const measurer = new FileMeasurer();
    const measure = (content: string | Buffer): FileFacts => {
      const path = join(folder, 'measured');
      writeFileSync(path, content);
      return measurer.measure([toBytePath(path)])[0] as FileFacts;
    };

    for (const [what, content, facts] of [
      ['nothing', '', { lines: 0, words: 0, longestLine: 0, encoding: 'UTF-8' }],
      ['no newline at the end', 'one\nthree', { lines: 1, words: 2, longestLine: 5 }],
      ['only newlines', '\n\n\n', { lines: 3, words: 0, longestLine: 0 }],
      ['CRLF', 'ab\r\nc\r\n', { lines: 2, words: 2, longestLine: 3 }],
      ['all white space of ASCII', 'a\tb\vc\fd\re f\n', { lines: 1, words: 6, longestLine: 11 }],
      ['letters of several bytes', 'é €\n😀\n', { lines: 2, words: 3, longestLine: 6, encoding: 'UTF-8' }],
      ['a letter too many bytes long', Buffer.from([0xf8, 0x88, 0x80, 0x80, 0x80]), { lines: 0, words: 1, encoding: 'other' }],
      ['a lone byte order mark', Buffer.from([0xff, 0xfe]), { bytes: 2, encoding: 'UTF-16' }],
    ] as const) {
      it(`measuring - ${what}`, () => expect(measure(content)).to.include(facts));
    }

    it('measuring - words, lines and characters across chunk boundaries count once', () => {
      const half = 'x'.repeat(1024 * 1024 - 1);
      expect(measure(`${half}€${half} end`)).to.include({ lines: 0, words: 2, longestLine: 2 * half.length + 7, encoding: 'UTF-8' });
      const broken = Buffer.concat([Buffer.from(half), Buffer.from([0xe2, 0x82]), Buffer.from(half)]);
      expect(measure(broken)).to.include({ words: 1, encoding: 'other' });
    });

    it('measuring - a missing file does not affect the others', () => {
      writeFileSync(join(folder, 'measured'), 'fine');
      const paths = ['not there', 'tree', 'tree/pipe', 'tree/links/to nowhere', 'measured'].map((name) => join(folder, name));
      const [...failures] = measurer.measure(paths);
      expect(failures.pop()).to.include({ bytes: 4, words: 1, changed: false });
      expect(failures.map((failure) => 'failed' in failure && failure.failed)).to.deep.equal(['ENOENT', 'ENOTFILE', 'ENOTFILE', 'ELOOP']);
    });

    it('measuring - a file whose size has changed is marked', function () {
      if (process.platform !== 'linux') this.skip(); // Elsewhere, no file does that reliably.
      expect(measurer.measure(['/proc/self/status'])[0])
        .to.include({ changed: true })
        .and.to.have.property('bytes')
        .above(0);
    });
  });

  describe('the program', () => {
    it('program - prints totals, trouble and duplicates in plain lines', async () => {
      const { code, stdout, stderr } = await demo(tree);
      expect(code, stderr).to.equal(0);
      const { files, bytes, lines, words } = findings.total;
      expect(rowOf(stdout, 'all')).to.deep.equal([files, lines, words, bytes, findings.total.longestLine].map(grouped));
      const [count, reason, example] = rowOf(stdout, 'broken link');
      expect([count, example.slice(0, 6)]).to.deep.equal(['3', 'links/']);
      expect(reason).to.be.oneOf(['ENOENT', 'ELOOP']);
      const [copies, sha256, oneOfThem] = rowOf(stdout, '2,000');
      expect([copies, sha256]).to.deep.equal(['3', findings.duplicates[0].sha256.slice(0, 12)]);
      expect(oneOfThem).to.match(/^twins\/\w+\.bin$/);
      expect(stdout).to.match(/Speedup: \d+\.\d\d on \d+ core/);
      expect(stderr)
        .to.contain(`one process: ${files} of ${files} files`)
        .and.to.match(/\d+ slaves: /);
      expect(stdout + stderr).to.not.contain('\x1b');
    });

    it('program - prints an error and exits with 1 for a missing directory', async () => {
      for (const [wrong, words] of [
        [join(folder, 'nowhere'), 'there is no '],
        [join(ROOT, 'package.json'), 'is not a directory'],
      ]) {
        const { code, stdout, stderr } = await demo(wrong);
        expect(code).to.equal(1);
        expect(stderr).to.contain(words).and.to.contain(wrong);
        expect(stdout).to.equal('');
      }
    });
  });

  it('names - invalid UTF-8 and control characters are escaped', () => {
    expect(readable(toBytePath('straße/日本 😀.txt'))).to.equal('straße/日本 😀.txt');
    expect(readable(toBytePath('a\nb\x1b[2J\u202e'))).to.equal('a\\u{a}b\\u{1b}[2J\\u{202e}');
    expect(readable(toBytePath(Buffer.from([0x61, 0xff, 0x0a])))).to.equal('a\\xff\\u{a}');
  });
});

/** Whatever may stand in a directory. */
function plant(tree: string): void {
  const put = (name: string | Buffer, content: string | Buffer) =>
    writeFileSync(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from(name as string)]), content);
  const deep = join('deep', ...Array.from({ length: 60 }, (_, i) => `folder ${i}`));
  for (const name of ['texts', 'encodings', 'twins', 'links', 'names', 'empty folder', deep])
    mkdirSync(join(tree, name), { recursive: true });

  for (let i = 0; i < 20; i++) put(`texts/${i}.txt`, `file ${i}\nsays hello\tagain\vand again\fto you\r\n\n  the end ${'x'.repeat(i)}`);
  put('texts/empty.txt', '');
  put('texts/only newlines.txt', '\n\n\n');
  put('texts/crlf.TXT', 'one\r\ntwo\r\n');
  put('one.md', 'a bcde\n');
  put('two.MD', 'hello\n');
  put(`${deep}/bottom`, 'far down\n');

  put('encodings/utf-8.txt', 'grüße €\n');
  put('encodings/utf-8 with mark.txt', '\ufeffhello\n');
  put('encodings/utf-16-le.txt', Buffer.from('\ufeffhéllo\n', 'utf16le'));
  put('encodings/utf-16-be.txt', Buffer.from('\ufeffhéllo\n', 'utf16le').swap16());
  put('encodings/latin-1.txt', Buffer.from('grüße\n', 'latin1'));
  put('encodings/cut in a character.txt', Buffer.from('all but the end of a €').subarray(0, -1));
  put('encodings/zeros.bin', Buffer.concat([Buffer.alloc(5000), Buffer.from([0xff])]));

  for (const name of ['one', 'two', 'three']) put(`twins/${name}.bin`, Buffer.alloc(1000, Buffer.from([0xff, 0, 0xff, 0x0a])));
  for (const name of ['a', 'b']) put(`twins/${name}.txt`, 'twins\n');
  linkSync(join(tree, 'twins/b.txt'), join(tree, 'twins/link to b.txt'));
  put('also empty', '');

  symlinkSync('nowhere', join(tree, 'links/to nowhere'));
  symlinkSync('other of a circle', join(tree, 'links/one of a circle'));
  symlinkSync('one of a circle', join(tree, 'links/other of a circle'));
  symlinkSync('..', join(tree, 'links/to the tree'));
  symlinkSync('../one.md', join(tree, 'links/to a file'));
  symlinkSync('../pipe', join(tree, 'links/to a pipe'));
  execFileSync('mkfifo', [join(tree, 'pipe')]);

  put('names/with a space', '1');
  put('names/with a\nnewline', '2');
  put('names/with "quotes" and \\', '3');
  put('names/日本語.ÄÖ', '4');
  put(Buffer.concat([Buffer.from('names/with a wrong byte '), Buffer.from([0xff, 0xc3])]), '5');
  put('names/.hidden', '6');
  put('names/-n', '7');
}

async function takeWithSlaves(directory: string): Promise<Findings> {
  const container = new Container();
  container.load(masterModule(), slaveModule<FileMeasurer>(MEASURER, join(ROOT, 'examples/census/file-measurer.ts'), { count: 2 }));
  container.bind(Census).toSelf();
  try {
    const findings = await container.get(Census).take(directory);
    expect(container.get(Master).slaves).to.have.length(2);
    return findings;
  } finally {
    await container.unbindAllAsync();
  }
}

function holdFiles({ contents, total }: Findings, directory: string): void {
  const sizes = zeroEnded('find', [directory, '-type', 'f', '-printf', '%s %p\\0']);
  expect(sizes).to.have.length.above(30);
  const found = [...contents.values()].flatMap(({ paths, bytes }) => paths.map((path) => `${bytes} ${path}`));
  expect(found.sort()).to.deep.equal(sizes.sort());
  expect(total.files).to.equal(sizes.length);
  expect(total.bytes).to.equal(sum(sizes.map((line) => parseInt(line))));
}

function holdHashes({ contents }: Findings, directory: string): void {
  const hashes = zeroEnded('find', [directory, '-type', 'f', '-exec', 'sha256sum', '--zero', '{}', '+']);
  const found = [...contents.values()].flatMap(({ paths, sha256 }) => paths.map((path) => `${sha256}  ${path}`));
  expect(found.sort()).to.deep.equal(hashes.sort());
}

function takeHere(directory: string): Promise<Findings> {
  const measurer = new FileMeasurer();
  const client: Client<FileMeasurer> = { measure: (paths) => Promise.resolve(measurer.measure(paths)) };
  return new Census(client).take(directory);
}

/** Runs what `npm run demo` runs once the package is built. */
function demo(directory: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { demo: string } };
  const command = scripts.demo.replace('npm run build && ', '');
  return new Promise((resolve) => {
    execFile('sh', ['-c', `${command} "$0"`, directory], { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** What comes after the first cell of the first row that begins with it. */
function rowOf(stdout: string, first: string): string[] {
  const rows = stdout.split('\n').map((line) => line.split('│').map((cell) => cell.trim()));
  return rows.find((row) => row[1] === first)?.slice(2, -1) ?? [];
}

/** The output of a program that ends each line with a zero byte, one character for each byte. */
function zeroEnded(command: string, args: string[]): string[] {
  return execFileSync(command, args, { encoding: 'latin1', maxBuffer: 2 ** 28 })
    .split('\0')
    .slice(0, -1);
}

function wc(option: '-l' | '-w', directory: string): number {
  const names = execFileSync('find', [directory, '-type', 'f', '-print0']);
  const lines = execFileSync('wc', [option, '--files0-from=-'], { input: names, encoding: 'latin1', env: { ...process.env, LC_ALL: 'C' } });
  return parseInt(lines.trimEnd().split('\n').pop() as string);
}

function inTree(tree: string): (path: string) => string {
  return (path) => path.slice(tree.length + 1);
}

function sum(numbers: number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
