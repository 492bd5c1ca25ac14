import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { testPrograms } from './programs';

const ROOT = join(__dirname, '..', '..');

/** In lines: the first ten minutes; everything else has a page of its own. */
const README_MAX = 300;

const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));

describe('documentation', () => {
  for (const page of ['README.md', ...pages.map((name) => `docs/${name}`)]) {
    describe(page, () => testPrograms(page, read(page)));
  }

  it('README - is short', () => {
    expect(read('README.md').split('\n').length).to.be.at.most(README_MAX);
  });

  it('README - links to every page', () => {
    const readme = read('README.md');
    expect(pages.filter((page) => !readme.includes(`(docs/${page})`))).to.deep.equal([]);
  });

  it('links - lead to files of the package', () => {
    const broken = ['README.md', ...pages.map((name) => `docs/${name}`)].flatMap((page) => brokenLinks(page));
    expect(broken).to.deep.equal([]);
  });
});

function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** The relative links of a page that lead to a missing file or a missing heading. */
function brokenLinks(page: string): string[] {
  const links = Array.from(read(page).matchAll(/\]\(([^)\s]+)\)/g), ([, link]) => link);
  const broken = links.filter((link) => !/^[a-z]+:/.test(link) && !exists(page, link));
  return broken.map((link) => `${page}: ${link}`);
}

function exists(page: string, link: string): boolean {
  const [path, heading = ''] = link.split('#') as [string, string?];
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, target))) return false;
  return heading === '' || anchors(read(target)).includes(heading);
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchors(markdown: string): string[] {
  return Array.from(markdown.matchAll(/^#+ (.*)$/gm), ([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}
