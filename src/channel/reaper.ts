import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Keeps the promise that no slave outlives its master, even when the master is killed in a way that it cannot see coming and
 * the slave is in a loop that sees nothing.
 *
 * One small shell for each master process holds the list of living pids. Its stdin is a pipe from the master: when the
 * master ends, however, the pipe ends, and what is still on the list a moment later is killed. A signal to the whole process tree must
 * not end the shell before the master.
 */
const SCRIPT = `
trap '' INT TERM HUP
list=
while read -r verb pid; do
  rest=
  for other in $list; do [ "$other" = "$pid" ] || rest="$rest $other"; done
  list=$rest
  [ "$verb" = watch ] && list="$list $pid"
done
[ -z "$list" ] && exit 0
sleep 0.3
for pid in $list; do kill -9 "-$pid" || kill -9 "$pid"; done 2>/dev/null
`;

let reaper: ChildProcess | undefined;
/** Whether there is no shell here: it is looked for once. */
let isMissing = false;

export function register(pid: number): void {
  // Windows has no such shell; there, slaves end when they see their socket close.
  if (process.platform === 'win32' || isMissing) return;
  reaper ??= start();
  reaper.stdin?.write(`watch ${pid}\n`);
}

/** The inverse of {@link register}: this pid may soon belong to a stranger. */
export function unregister(pid: number): void {
  reaper?.stdin?.write(`forget ${pid}\n`);
}

function start(): ChildProcess {
  // A group of its own, so that a Ctrl-C at the terminal does not end it first.
  const shell: ChildProcess = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' });
  const forget = () => {
    if (reaper === shell) reaper = undefined;
  };
  shell.on('exit', forget).on('error', (error: NodeJS.ErrnoException) => {
    forget();
    if (error.code === 'ENOENT') warnOfMissingShell();
  });
  shell.unref();
  // Without a free file descriptor, it has none.
  shell.stdin?.on('error', forget);
  (shell.stdin as { unref?(): void } | null | undefined)?.unref?.();
  return shell;
}

function warnOfMissingShell(): void {
  if (isMissing) return;
  isMissing = true;
  process.emitWarning(
    'There is no /bin/sh, which ends the slaves of a master that was killed: a slave that is busy then lives on until it is idle. Install a shell.',
    { type: 'DistIOWarning', code: 'DIST_IO_NO_SHELL' },
  );
}
