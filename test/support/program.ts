import { execFileSync, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/** How a program ended, and its output. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  lines: string[];
  stderr: string;
}

/** A separate program, for what cannot be tested in this process. */
export interface Program {
  pid: number;
  /** The next line of its stdout. */
  line(): Promise<string>;
  ended: Promise<Ended>;
}

/** Runs a script with Node. @param args options of Node, the file and its arguments */
export function runNode(args: readonly string[], options: SpawnOptions = {}): Program {
  const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const reader = createInterface(child.stdout);
  let read = 0;
  reader.on('line', (line) => lines.push(line));
  const ended = new Promise<Ended>((resolve) => {
    child.on('exit', (code, signal) => {
      const finish = (): void => {
        // Its children may keep its output open.
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ code, signal, lines, stderr });
      };
      // What it wrote last is read in the next turn of the event loop at the latest.
      setImmediate(() => setImmediate(finish));
    });
  });
  const line = async (): Promise<string> => {
    while (lines.length <= read) {
      const over = await Promise.race([once(reader, 'line'), ended.then(() => 'over')]);
      if (over === 'over' && lines.length <= read)
        throw new Error(`The program ended before it printed another line. Its stderr:\n${stderr}`);
    }
    return lines[read++];
  };
  return { pid: child.pid!, line, ended };
}

/** Whether a process lives. A zombie does not. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = `/proc/${pid}/stat`;
  return !existsSync(status) || !/\) [ZX] /.test(readFileSync(status, 'utf8'));
}

/** The processes that a process has started, and those that they have started, from the leaves to the root. */
export function descendants(pid: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const children = rows.map((row) => row.trim().split(/\s+/).map(Number)).filter(([, parent]) => parent === pid);
  return children.flatMap(([child]) => [...descendants(child), child]);
}

/** Waits until a process is gone. @returns how long that took, in ms */
export async function gone(pid: number): Promise<number> {
  const start = performance.now();
  while (lives(pid)) await pause(10);
  return performance.now() - start;
}
