import { expect } from 'chai';
import { declarations, type Exported } from './declarations';
import { namesIn, tablesOf } from './tables';

/** What is no class but is described like one. */
const DESCRIBED = ['TaskContext', 'Response', 'ResponseArray', 'DurableQueue', 'DurablePool'];

describe('docs: api.md', () => {
  const tables = tablesOf('api.md');
  const exported = declarations();

  /** `on('ready', …)` is the event `'ready'`, and `exit(options?)` the method `exit`. */
  const rowsOf = (heading: string): string[] =>
    (tables.get(heading) ?? []).map(([cell]) => {
      const [name] = namesIn(cell);
      return /^on\(('\w+')/.exec(name)?.[1] ?? name.replace(/\W.*/, '');
    });
  const eventsOf = (name: string): string[] => (exported.get(`${name}Events`)?.members ?? []).map((event) => `'${event}'`);
  const heldByUsers = ({ isClass, name }: Exported): boolean => (isClass && !name.endsWith('Error')) || DESCRIBED.includes(name);

  const expectRows = (heading: string, names: readonly string[]): void => {
    const rows = rowsOf(heading);
    const line = (name: string) => `| \`${name.startsWith("'") ? `on(${name}, () => …)` : name}\` | what it does |`;
    const missing = names.filter((name) => !rows.includes(name)).map(line);
    const tooMuch = rows.filter((row) => !names.includes(row));
    const twice = rows.filter((row, i) => rows.indexOf(row) < i);
    expect(missing, `docs/api.md: add to the table under '${heading}':\n${missing.join('\n')}\n`).to.deep.equal([]);
    expect(tooMuch, `docs/api.md: remove from the table under '${heading}' what does not exist`).to.deep.equal([]);
    expect(twice, `docs/api.md: remove from the table under '${heading}' what is there twice`).to.deep.equal([]);
  };

  for (const one of [...exported.values()].filter(heldByUsers))
    it(`${one.name} - has a row for each member and event, and no other row`, () => {
      expectRows(one.name, [...(['ProcessCache', 'DurablePool'].includes(one.name) ? one.own : one.members), ...eventsOf(one.name)]);
    });

  it('Functions - has a row for each function, and no other row', () => {
    expectRows(
      'Functions',
      [...exported.values()].filter(({ isFunction }) => isFunction).map(({ name }) => name),
    );
  });

  it('tables - each describes an exported name', () => {
    const known = ['Functions', ...[...exported.values()].filter(heldByUsers).map(({ name }) => name)];
    const unknown = [...tables].filter(([heading, rows]) => rows.length > 0 && !known.includes(heading));
    expect(unknown.map(([heading]) => heading)).to.deep.equal([]);
  });

  it('rows - each has a description', () => {
    const silent = [...tables.values()].flat().filter(([, what]) => what === '');
    expect(silent).to.deep.equal([]);
  });
});
