// Charts of the suite 'messages': what each contestant reaches, as SVG.
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const echarts = require('./pools/peers')('echarts');
const { median } = require('./measure');

const FOLDER = join(__dirname, '..', 'docs', 'charts');

const COLORS = { 'dist-io': '#d9480f', bare: '#868e96', peer: '#4dabf7', 'tuned peer': '#a5d8ff' };

/** Horizontal bars of the medians, the best on top. */
function svg({ name, unit, isLessBetter, figures, contestants }) {
  const order = Object.entries(figures).map(([contestant, rounds]) => ({ contestant, value: median(rounds) }));
  order.sort((one, other) => (isLessBetter ? other.value - one.value : one.value - other.value));
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 760, height: 90 + 22 * order.length });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: `${name}: ${unit}`, textStyle: { fontSize: 14 } },
    grid: { left: 290, right: 80, top: 40, bottom: 30 },
    xAxis: { type: 'value', axisLabel: { formatter: (figure) => figure.toLocaleString('en') } },
    yAxis: { type: 'category', data: order.map(({ contestant }) => contestant) },
    series: [
      {
        type: 'bar',
        data: order.map(({ contestant, value }) => ({
          value: Number(value.toPrecision(3)),
          itemStyle: { color: COLORS[contestants[contestant].group] },
        })),
        label: { show: true, position: 'right', formatter: ({ value }) => value.toLocaleString('en') },
      },
    ],
  });
  const drawn = chart.renderToSVGString();
  chart.dispose();
  return drawn;
}

const fileName = ({ name }) => `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.svg`;

/** Writes a chart for each result of the suite 'messages'. */
function write(results) {
  mkdirSync(FOLDER, { recursive: true });
  for (const result of results) if (result.suite === 'messages') writeFileSync(join(FOLDER, fileName(result)), svg(result));
}

module.exports = { write };
