import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Master, SlaveDiedError, SlaveExitedError, type SlaveHandle, type SlaveOptions } from 'dist-io';
import { fixture } from '../../support/fixture';
import type { Fault } from './faults';
import { markLoaded, type Moment } from './moments';
import { DATA, type Outcome, type Use } from './uses';

export interface Cell {
  readonly runtime: 'process' | 'thread';
  readonly fault: Fault;
  readonly moment: Moment;
  readonly use: Use;
}

/** What all cells share. */
export interface Surroundings {
  /** For their files. */
  readonly folder: string;
  /** Slaves that must be unharmed after each cell. */
  readonly siblings: Readonly<Record<Cell['runtime'], SlaveHandle>>;
}

/** In ms: longer than any cell takes. */
const LIMIT = 30_000;

/** In ms: a slave that is only slow must not be taken for a blocked one. */
const BLOCKED = 1000;

export function nameOf({ runtime, fault, moment, use }: Cell): string {
  return `${runtime} · ${fault.name} · ${moment.name} · ${use.name}`;
}

/** Why a cell makes no sense, or undefined. */
export function exceptionOf({ runtime, fault, moment, use }: Cell): string | undefined {
  return fault.reason[runtime] === undefined ? fault.exception : moment.exception?.(use);
}

/** Runs a cell, and throws unless all of its promises settle as the table says. */
export async function runCell(cell: Cell, index: number, { folder, siblings }: Surroundings): Promise<void> {
  const { runtime, fault, moment, use } = cell;
  const [marker, effects] = ['marker', 'effects'].map((name) => join(folder, `${index} ${name}`));
  if (!moment.failsOnLoad) markLoaded(marker);
  const master = new Master({ runtime, stdout: 'ignore', stderr: 'ignore' });
  const options: SlaveOptions = {
    restart: 'permanent',
    intensity: 20,
    backoff: { initialInterval: 1 },
    data: { fault: fault.name, loadMarker: marker, effects },
    ...(fault.effect === 'block' && { responsive: { within: BLOCKED }, startTimeout: 2 * BLOCKED }),
    ...(fault.name === 'V8 heap exhausted' && { execArgv: ['--max-old-space-size=20'] }),
    ...moment.options,
  };
  try {
    const slave = master.createSlave(fixture('faulty.js'), options);
    const outcome = await within(moment.run({ master, slave, fault, use, marker }));
    const executions = existsSync(effects) ? readFileSync(effects, 'utf8').length : 0;
    expectOutcome(cell, outcome);
    expect(executions, 'executions').to.be.at.most(moment.executions);
    if (moment.expected(fault) === 'value' && fault.effect !== 'any') expect(executions, 'executions').to.equal(moment.executions);
    expect((await within(siblings[runtime].exec('plain', DATA))).value, 'the sibling').to.equal(DATA);
  } finally {
    await within(master.kill());
  }
}

function expectOutcome({ runtime, fault, moment }: Cell, outcome: Outcome): void {
  const expected = moment.expected(fault);
  if ('value' in outcome) {
    const mustFail = expected === 'fault' && (fault.effect === 'death' || fault.effect === 'block');
    expect(mustFail, `it has a value: ${String(outcome.value).slice(0, 50)}`).to.equal(false);
    return;
  }
  const { error } = outcome;
  if (fault.effect === 'any') return;
  if (expected === 'fault or exit' && error instanceof SlaveExitedError) return;
  if (expected === 'value' || fault.effect === 'none') throw error;
  expect(error).to.be.an.instanceOf(SlaveDiedError);
  const { reason, mayHaveExecuted } = error as Error & Pick<SlaveDiedError, 'reason' | 'mayHaveExecuted'>;
  expect(mayHaveExecuted).to.equal(true);
  expect(fault.reason[runtime]).to.include(reason);
}

async function within<Result>(promise: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It has not settled within ${LIMIT} ms.`)), LIMIT);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
