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

/** A table of a case for the terminal, the best first. */
function table(result) {
  const { name, unit, figures, isLessBetter } = result;
  const compared = ratios(result);
  const rows = new Table({ head: [name, unit, 'spread', 'compared with'], style: { head: [], border: [] }, colWidths: [48] });
  const order = Object.entries(figures).sort(([, one], [, other]) => median(other) - median(one));
  for (const [contestant, rounds] of isLessBetter ? order.reverse() : order) {
    const lines = Object.entries(compared[contestant] ?? {}).map(([baseline, figure]) => `${rounded(figure)} x ${baseline}`);
    rows.push([contestant, number(median(rounds)), `${number(Math.min(...rounds))} to ${number(Math.max(...rounds))}`, lines.join('\n')]);
  }
  return String(rows);
}

module.exports = { ratios, table };
