// A nats-server on loopback.
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { readdirSync, readFileSync } = require('node:fs');
const { setTimeout: pause } = require('node:timers/promises');

/** @param folder an empty one, for the file with the port @param port default: a random one @param args further options */
async function startServer(folder, port = -1, args = []) {
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port), '--ports_file_dir', folder, ...args], { stdio: 'ignore' });
  await Promise.race([once(child, 'spawn'), once(child, 'error').then(([error]) => Promise.reject(error))]);
  for (;;) {
    const file = readdirSync(folder).find((name) => name === `nats-server_${child.pid}.ports`);
    const text = file === undefined ? '' : readFileSync(`${folder}/${file}`, 'utf8');
    if (text.endsWith('}')) return { address: JSON.parse(text).nats[0], end: () => kill(child) };
    await pause(10);
  }
}

/** Kills a process and waits for its end. */
async function kill(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

module.exports = { startServer, kill };
