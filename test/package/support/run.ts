import { spawn } from 'node:child_process';

/** What a program has left behind. */
export interface Outcome {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** In ms: a program that has not ended by itself is ended, and fails its test by its signal. */
const PATIENCE = 50_000;

/** Runs a program to its end, in a folder. */
export function run(folder: string, command: string, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE, killSignal: 'SIGKILL' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Runs a program that must end well, and returns what it printed. */
export async function output(folder: string, command: string, ...args: string[]): Promise<string> {
  const { code, signal, stdout, stderr } = await run(folder, command, ...args);
  if (code === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')} ended ${signal === null ? `with ${code}` : `by ${signal}`}:\n${stdout}${stderr}`);
}
