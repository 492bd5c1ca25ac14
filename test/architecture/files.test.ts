import { expect } from 'chai';
import { sourceFiles, textOf } from './imports';

/** Lines of code: beyond this, a file holds more than one concept. Comments make no file long. */
const MOST_LINES = 270;

const NO_CODE = /^\s*(\/\/|\/?\*|$)/;

describe('files of src', () => {
  it('size - every file is short', () => {
    const long = sourceFiles()
      .map((file) => ({
        file,
        lines: textOf(file)
          .split('\n')
          .filter((line) => !NO_CODE.test(line)).length,
      }))
      .filter(({ lines }) => lines > MOST_LINES);
    expect(long).to.deep.equal([]);
  });

  it('index - names the public names one by one', () => {
    expect(textOf('src/index.ts')).not.to.match(/^export\s*(type\s*)?\*/m);
  });

  it('names - are in kebab case', () => {
    expect(sourceFiles().filter((file) => !/^[a-z0-9/-]+\.[cm]?ts$/.test(file))).to.deep.equal([]);
  });
});
