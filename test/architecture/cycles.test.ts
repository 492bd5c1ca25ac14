import { expect } from 'chai';
import { importsOf, sourceFiles, textOf } from './imports';

/** The files of `src` that each file imports. */
type Graph = ReadonlyMap<string, readonly string[]>;

/** Groups of files that import each other, directly or through others of the group. */
function circlesOf(graph: Graph): string[][] {
  const reachable = new Map([...graph.keys()].map((file) => [file, reachableFrom(file, graph)]));
  const circles = new Map<string, string[]>();
  for (const [file, targets] of reachable) {
    const circle = [...targets].filter((target) => reachable.get(target)?.has(file)).sort();
    if (circle.length > 0) circles.set(circle.join(), circle);
  }
  return [...circles.values()];
}

/** The file itself is among them only if it imports itself, directly or through others. */
function reachableFrom(file: string, graph: Graph): Set<string> {
  const reached = new Set<string>();
  const waiting = [...(graph.get(file) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    waiting.push(...(graph.get(next) ?? []));
  }
  return reached;
}

function graphOf(includesTypes: boolean): Graph {
  const names = new Map(sourceFiles().map((file) => [file.replace(/\.[cm]?ts$/, ''), file]));
  const imported = (file: string): string[] =>
    importsOf(file, textOf(file))
      .filter(({ isType }) => includesTypes || !isType)
      .flatMap(({ target }) => names.get(target) ?? names.get(`${target}/index`) ?? []);
  return new Map([...names.values()].map((file) => [file, imported(file)]));
}

const folderOf = (file: string): string => file.split('/')[1];

describe('circular imports', () => {
  it('cycles - a graph with two circles has both', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['b', 'd']],
      ['d', ['d']],
    ]);
    expect(circlesOf(graph)).to.deep.equal([['b', 'c'], ['d']]);
  });

  it('values - no file imports itself through others', () => {
    expect(circlesOf(graphOf(false))).to.deep.equal([]);
  });

  it('types - files that import each other are in one folder', () => {
    const across = circlesOf(graphOf(true)).filter((circle) => new Set(circle.map(folderOf)).size > 1);
    expect(across).to.deep.equal([]);
  });
});
