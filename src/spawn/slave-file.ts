import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OpenChannel, Runtime } from '../channel/channel';
import { RUNTIMES } from '../channel/runtimes';
import { show } from '../format';
import { isURL } from '../option-rules';
import type { HostSelector } from './host-selector';

const EXTENSIONS = ['', '.js', '.cjs', '.mjs', '.ts', '.cts', '.mts'];

/** Where a slave's file is. */
export interface SlaveFile {
  /** Absolute, without symbolic links; when no file was found, the path that was tried. */
  path: string;
  found: boolean;
  /** Instead of a file: a class with `@Task` methods, or an object that has them. `path` is then the name of the class. */
  target?: object;
  /** Starts it on another machine, where `path` is the name of a script. */
  openRemote?: OpenChannel;
}

/** A file, or for inline slaves a class or an object. */
export type SlaveSource = string | URL | object;

/**
 * Finds a slave's file: a path relative to the working directory, an absolute one, or a `file:` URL; a missing extension is
 * found.
 *
 * @throws TypeError for anything but a string or a `file:` URL
 */
export function findSlaveFile(file: string | URL): SlaveFile {
  if (!isURL(file) && (typeof file !== 'string' || file === '')) {
    throw new TypeError(`A slave's file must be a path or a file: URL, not ${show(file)}.`);
  }
  const path = absolute(file);
  if (path === undefined) return { path: String(file), found: false };
  for (const extension of EXTENSIONS) {
    if (statSync(path + extension, { throwIfNoEntry: false })?.isFile() === true)
      return { path: realpathSync(path + extension), found: true };
  }
  return { path, found: false };
}

/** @returns undefined for a relative path while the working directory is deleted */
function absolute(file: string | URL): string | undefined {
  if (isURL(file)) return fileURLToPath(file.href);
  if (file.startsWith('file:')) return fileURLToPath(file);
  try {
    return resolve(file);
  } catch {
    return undefined;
  }
}

/**
 * Finds a slave's file; an inline slave may have a class with `@Task` methods or an object that has them instead.
 *
 * @throws TypeError for anything else, and for a class of a slave that is not inline
 */
export function findSlaveSource(source: SlaveSource, runtime: Runtime): SlaveFile {
  const name = classNameOf(source);
  if (name === undefined) return findSlaveFile(source as string | URL);
  if (!RUNTIMES[runtime].sharesThread)
    throw new TypeError(`The class ${name} cannot be sent to a ${runtime}: pass the path of its file, or the option runtime: 'inline'.`);
  return { path: name, found: true, target: source as object };
}

/** On which host a slave runs, and which version of its script. */
export interface RemoteChoice {
  readonly host: HostSelector;
  readonly version: string | undefined;
}

/** Makes the channel of a script on a host that suits a choice. */
export type OpenRemote = (choice: RemoteChoice) => OpenChannel;

/**
 * The script of a slave on another machine.
 *
 * @param openRemote undefined while the master is not connected
 * @throws TypeError
 */
export function findScript(source: SlaveSource, choice: RemoteChoice, openRemote: OpenRemote | undefined): SlaveFile {
  if (typeof source !== 'string' || source === '')
    throw new TypeError(`On another machine, a slave's file is the name of a script that its host offers, not ${show(source)}.`);
  if (openRemote === undefined)
    throw new TypeError("The option 'host' needs a connection first: await connect(master, { servers: 'nats://…' }) of 'dist-io/nats'.");
  return { path: source, found: true, openRemote: openRemote(choice) };
}

/** Undefined for everything but a class and an instance of one. */
function classNameOf(source: unknown): string | undefined {
  if (typeof source === 'function') return source.name;
  if (typeof source !== 'object' || source === null || isURL(source)) return undefined;
  const { constructor } = source as { constructor?: unknown };
  return typeof constructor === 'function' && constructor !== Object ? constructor.name : undefined;
}
