import { Worker } from 'node:worker_threads';

/** An option that Node does not know: it refuses to start a thread with it. */
const UNKNOWN = '--dist-io-unknown';

const answers = new Map<string, boolean>();

/**
 * Whether Node accepts an option in the `execArgv` of a thread. It refuses the options of V8 and of the whole process, which apply to
 * threads anyway.
 */
export function suitsExecArgv(option: readonly string[]): boolean {
  return accepts({}, option);
}

/** Whether Node accepts an option in the NODE_OPTIONS of a thread, where options of V8 are allowed. */
export function suitsVariable(option: readonly string[]): boolean {
  return accepts({ NODE_OPTIONS: option.join(' ') }, []);
}

/** Queries Node itself, since the accepted options differ between versions. No thread starts: the unknown option is always refused. */
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
