import { Worker } from 'node:worker_threads';

/** Not an option of Node, which refuses to start a thread with it. */
const UNKNOWN = '--dist-io-unknown';

const answers = new Map<string, boolean>();

/**
 * Whether a thread may be started with an option of Node. Those of V8 and of the process as a whole hold for threads anyway, and Node
 * refuses them here.
 */
export function suitsExecArgv(option: readonly string[]): boolean {
  return accepts({}, option);
}

/** Whether a thread may be started with an option in its NODE_OPTIONS, where Node takes those of V8. */
export function suitsVariable(option: readonly string[]): boolean {
  return accepts({ NODE_OPTIONS: option.join(' ') }, []);
}

/** Asks Node itself, since the list differs between versions. No thread is started: one option is always refused. */
function accepts(env: NodeJS.ProcessEnv, execArgv: readonly string[]): boolean {
  const key = JSON.stringify([env, execArgv]);
  const known = answers.get(key);
  if (known !== undefined) return known;
  let message = '';
  try {
    new Worker('', { eval: true, env, execArgv: [...execArgv, UNKNOWN] });
  } catch (error) {
    ({ message } = error as Error);
  }
  const answer = message.endsWith(`: ${UNKNOWN}`);
  answers.set(key, answer);
  return answer;
}
