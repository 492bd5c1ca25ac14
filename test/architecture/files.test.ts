import { basename } from 'node:path';
import { expect } from 'chai';
import { sourceFiles, textOf } from './imports';

/** Beyond this, comments included, a file holds more than one concept. */
const MOST_LINES = 300;

describe('files of src', () => {
  it(`size - every file has at most ${MOST_LINES} lines`, () => {
    const lines = (file: string): number => textOf(file).trimEnd().split('\n').length;
    const long = sourceFiles().filter((file) => lines(file) > MOST_LINES);
    expect(long).to.deep.equal([]);
  });

  it('index - lists the public names one by one', () => {
    expect(textOf('src/index.ts')).not.to.match(/^export\s*(type\s*)?\*/m);
  });

  it('names - file names are in kebab case', () => {
    expect(sourceFiles().filter((file) => !/^[a-z0-9/-]+\.[cm]?ts$/.test(file))).to.deep.equal([]);
  });

  it('names - file names are unique, except index', () => {
    const names = sourceFiles()
      .map((file) => basename(file))
      .filter((name) => !/^index\.[cm]?ts$/.test(name));
    expect(names.filter((name, i) => names.indexOf(name) !== i)).to.deep.equal([]);
  });
});
