import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import * as distIO from 'dist-io';

describe('docs: errors.md', () => {
  const headings = new Map<string, string>();
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'errors.md'), 'utf8');
  for (const [, code, text] of page.matchAll(/^## `(\w+)`\n([^#]*)/gm)) headings.set(code, text);

  const classes = Object.entries(distIO as unknown as Record<string, { code: string }>)
    .filter(([name]) => name.endsWith('Error') && name !== 'DistIOError')
    .map(([name, { code }]) => ({ name, code }));

  it('headings - every error class has one, with its name', () => {
    for (const { code, name } of classes) expect(headings.get(code), code).to.match(new RegExp(`^\n\`${name}\``));
  });

  it('headings - none is of a code that does not exist', () => {
    expect([...headings.keys()]).to.have.members(classes.map(({ code }) => code));
  });
});
