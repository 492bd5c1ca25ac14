// What the figures of a case mean: ratios of dist-io to the bare platform and to the best peer, and the table of them.
const Table = require('cli-table3');
const { median, ratio } = require('./measure');

/**
 * What dist-io's contestants of a case are compared with: each bare one of their kind, and the best peers of it.
 *
 * @returns for each of them `{ [baseline]: ratio }`
 */
function ratios({ figures, contestants, isLessBetter }) {
  const names = Object.keys(figures);
  const best = (peers) => {
    const order = peers.sort((one, other) => median(figures[one]) - median(figures[other]));
    return isLessBetter ? order[0] : order.at(-1);
  };
  const ours = names.filter((name) => contestants[name].group === 'dist-io');
  return Object.fromEntries(
    ours.map((name) => {
      const others = names.filter((other) => contestants[other].kind === contestants[name].kind);
      const peers = others.filter((other) => contestants[other].group.endsWith('peer'));
      const baselines = others.filter((other) => contestants[other].group === 'bare').map((other) => [other, other]);
      if (peers.length > 0) baselines.push(['the best peer', best(peers)]);
      const untuned = peers.filter((other) => contestants[other].group === 'peer');
      if (untuned.length > 0 && untuned.length < peers.length) baselines.push(['the best peer with defaults', best(untuned)]);
      return [name, Object.fromEntries(baselines.map(([title, baseline]) => [title, ratio(figures[name], figures[baseline])]))];
    }),
  );
}

const number = (figure) => figure.toLocaleString('en', { maximumFractionDigits: figure < 100 ? 1 : 0 });
const rounded = (figure) => figure.toFixed(2);

/** The rows of a case, the best first: who, the median, the spread, and what it is compared with. */
function rows(result) {
  const { figures, isLessBetter } = result;
  const compared = ratios(result);
  const order = Object.entries(figures).sort(([, one], [, other]) => median(other) - median(one));
  return (isLessBetter ? order.reverse() : order).map(([contestant, rounds]) => [
    contestant,
    number(median(rounds)),
    `${number(Math.min(...rounds))} to ${number(Math.max(...rounds))}`,
    Object.entries(compared[contestant] ?? {}).map(([baseline, figure]) => `${rounded(figure)} × ${baseline}`),
  ]);
}

/** A case as a table for the terminal. */
function table(result) {
  const { name, unit } = result;
  const shown = new Table({ head: [name, unit, 'spread', 'compared with'], style: { head: [], border: [] }, colWidths: [48] });
  for (const [contestant, middle, spread, lines] of rows(result)) shown.push([contestant, middle, spread, lines.join('\n')]);
  return String(shown);
}

/** All cases of a run as a page of the documentation. */
function page({ date, node, processors, model, results }) {
  const suites = [...new Set(results.map(({ suite }) => suite))];
  const cases = (suite) => results.filter((result) => result.suite === suite).map((result) => `### ${result.name}\n\n${markdown(result)}`);
  return [
    '# Figures',
    'All figures of the newest run of `npm run bench -- --record`, which has written this page. [Performance](performance.md) says what they mean.',
    `${date}, Node ${node}, ${processors} processors, ${model}. Each figure is the median of interleaved rounds; a ratio is the median of the ratios of the rounds.`,
    ...suites.flatMap((suite) => [`## ${suite[0].toUpperCase()}${suite.slice(1)}`, ...cases(suite)]),
  ].join('\n\n');
}

function markdown(result) {
  const head = `|  | ${result.unit} | spread | compared |\n| --- | ---: | ---: | --- |`;
  const lines = rows(result).map(
    ([contestant, middle, spread, lines]) => `| ${contestant} | ${middle} | ${spread} | ${lines.join(', ')} |`,
  );
  return [head, ...lines].join('\n');
}

module.exports = { ratios, table, page };
