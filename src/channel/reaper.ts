import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Kills the slaves of a master that has ended, even if the master was killed by SIGKILL and a slave is in an endless loop.
 *
 * Each master process has one small process with the list of living pids. Its stdin is a pipe from the master: when the master ends in any
 * way, the pipe closes, and the processes still on the list are killed a moment later. It ignores signals to the whole process
 * tree, which would otherwise end it before the master.
 *
 * It is a shell, which takes 2 MB. Where there is none, Node does the same and takes 40 MB.
 */
const SHELL = `
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

const NODE = `
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
const pids = new Set();
const kill = (pid) => {
  try { process.kill(-pid, 'SIGKILL'); } catch { try { process.kill(pid, 'SIGKILL'); } catch {} }
};
require('node:readline').createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [verb, pid] = line.split(' ');
    if (verb === 'watch') pids.add(Number(pid));
    else pids.delete(Number(pid));
  })
  .on('close', () => setTimeout(() => pids.forEach(kill), 300));
`;

let reaper: ChildProcess | undefined;
/** Whether /bin/sh is missing; checked once. */
let isMissing = false;
/** For one that is started later. */
const watched = new Set<number>();

/** Adds a pid to the list. */
export function register(pid: number): void {
  // Windows has no process groups. There, slaves exit when their socket closes.
  if (process.platform === 'win32') return;
  watched.add(pid);
  if (reaper === undefined) start();
  else reaper.stdin?.write(`watch ${pid}\n`);
}

/** Removes a pid from the list, since another process may get the same pid soon. */
export function unregister(pid: number): void {
  watched.delete(pid);
  reaper?.stdin?.write(`forget ${pid}\n`);
}

function start(): void {
  const [file, ...args] = isMissing ? [process.execPath, '-e', NODE] : ['/bin/sh', '-c', SHELL];
  // A separate process group, so that Ctrl-C at the terminal does not end it before the master.
  const child: ChildProcess = spawn(file, args, {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
    // Options of the master, such as --inspect, are not for it.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const forget = () => {
    if (reaper === child) reaper = undefined;
  };
  child.on('exit', forget).on('error', (error: NodeJS.ErrnoException) => {
    forget();
    if (error.code !== 'ENOENT' || isMissing) return;
    isMissing = true;
    process.emitWarning('/bin/sh was not found. Node guards the slaves instead, which takes 40 MB. Install a shell to save them.', {
      type: 'DistIOWarning',
      code: 'DIST_IO_NO_SHELL',
    });
    if (watched.size > 0) start();
  });
  child.unref();
  // stdin is undefined when the process has no free file descriptor.
  child.stdin?.on('error', forget);
  (child.stdin as { unref?(): void } | null | undefined)?.unref?.();
  reaper = child;
  for (const pid of watched) child.stdin?.write(`watch ${pid}\n`);
}
