// What becomes of a pool of one worker when a fault happens in it: dist-io beside its peers. `npm run bench:faults`, about ten minutes;
// `--contestant piscina` and `--fault abort` choose, `--json` prints data, `--markdown` the tables of docs/reliability.md. On Linux only:
// processes that are left are found in /proc.
const { fork } = require('node:child_process');
const { once } = require('node:events');
const { readdirSync, readFileSync } = require('node:fs');
const { availableParallelism } = require('node:os');
const { join } = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');
const { parseArgs } = require('node:util');
const Table = require('cli-table3');
const { FAULTS, OF_A_PROCESS } = require('./faults');

const contestants = require('../pools/contestants');

const { values: flags } = parseArgs({
  options: { contestant: { type: 'string' }, fault: { type: 'string' }, json: { type: 'boolean' }, markdown: { type: 'boolean' } },
});

/** In ms: how long a program may take to end after its jobs have settled, and a process of its pool after that. */
const END = 5000;
const ORPHAN = 1000;

/** Faults while the worker's file is loaded. */
const ON_LOAD = ['throw', 'exit'];

function cells() {
  const inWorkers = Object.keys(FAULTS).flatMap((fault) => ['running', 'queued', 'idle'].map((moment) => ({ moment, fault })));
  const onLoad = ON_LOAD.map((fault) => ({ moment: 'load', fault }));
  const ofMaster = ['busy loop', 'blocked in execSync'].map((fault) => ({ moment: 'master SIGKILLed', fault }));
  return [...inWorkers, ...onLoad, ...ofMaster].filter(({ fault }) => flags.fault === undefined || fault === flags.fault);
}

/** Why a contestant does not have a cell, or undefined. */
function exceptionOf(contestant, { moment, fault }) {
  const isThread = !/process|cluster/.test(contestant);
  if (isThread && (OF_A_PROCESS.includes(fault) || moment === 'master SIGKILLed')) return 'not in a thread';
  return contestants[contestant].lacks?.includes(fault) ? 'no option' : undefined;
}

async function outcomeOf(contestant, { moment, fault }, marker) {
  const env = { ...process.env, FAULT_CELL: marker };
  if (moment === 'load') env.FAULT_ON_LOAD = fault;
  if (fault === 'V8 heap exhausted') env.FAULT_HEAP = '30';
  const program = fork(join(__dirname, 'cell.js'), [contestant, moment, fault], { env, stdio: 'ignore' });
  let verdict;
  program.once('message', (message) => (verdict = message));
  const exited = once(program, 'exit');
  // A fault of its worker may have stopped or blocked the program itself, which then says nothing.
  await Promise.race([exited, once(program, 'disconnect'), pause(4 * END)]);
  const hasEnded = await Promise.race([exited.then(() => true), pause(END, false)]);
  program.kill('SIGKILL');
  await exited;
  await pause(ORPHAN);
  const hasOrphans = endMarked(marker) > 0;
  if (moment === 'master SIGKILLed') return hasOrphans ? 'orphan' : 'settled right';
  if (verdict === undefined) return hasEnded ? 'takes the parent along' : 'hangs';
  if (verdict !== 'settled right') return verdict;
  return hasOrphans ? 'orphan' : hasEnded ? verdict : 'does not end';
}

/** Ends the processes whose environment has the marker. @returns how many */
function endMarked(marker) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(marker));
  for (const pid of pids) process.kill(Number(pid), 'SIGKILL');
  return pids.length;
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

async function runAll() {
  const chosen = Object.keys(contestants).filter((name) => flags.contestant === undefined || name === flags.contestant);
  const jobs = cells().flatMap((cell) => chosen.map((contestant) => ({ contestant, cell })));
  const results = new Map(cells().map((cell) => [`${cell.fault}, ${cell.moment}`, {}]));
  let done = 0;
  const work = async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const { contestant, cell } = job;
      const row = results.get(`${cell.fault}, ${cell.moment}`);
      row[contestant] = exceptionOf(contestant, cell) ?? (await outcomeOf(contestant, cell, `cell-${process.pid}-${done++}-`));
      if (process.stderr.isTTY) process.stderr.write(`\r${jobs.length} cells left   `);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}

/** One line for each contestant: how many cells had which outcome. */
function summary(results) {
  const outcomes = ['settled right', 'wrong error', 'hangs', 'does not end', 'orphan', 'takes the parent along'];
  const names = Object.keys(contestants).filter((name) => [...results.values()].some((row) => row[name] !== undefined));
  const rows = names.map((name) => {
    const count = (outcome) => [...results.values()].filter((row) => row[name] === outcome).length;
    return [name, ...outcomes.map(count)];
  });
  return { head: ['', ...outcomes], rows };
}

/** One line for each fault and moment. */
function detail(results) {
  const names = Object.keys(contestants).filter((name) => [...results.values()].some((row) => row[name] !== undefined));
  const rows = [...results].map(([cell, row]) => [cell, ...names.map((name) => row[name])]);
  return { head: ['', ...names], rows };
}

const markdown = ({ head, rows }) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function print({ head, rows }) {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows.map((row) => row.map(String)));
  console.log(String(table));
}

async function main() {
  const results = await runAll();
  if (flags.json) return console.log(JSON.stringify(Object.fromEntries(results), null, 2));
  for (const table of [summary(results), detail(results)]) {
    if (flags.markdown) console.log(`${markdown(table)}\n`);
    else print(table);
  }
}

void main();
