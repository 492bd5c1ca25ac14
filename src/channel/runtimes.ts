import type { OpenChannel, Runtime } from './channel';

/** The differences between the runtimes for the code that starts a slave. */
export interface RuntimeTraits {
  /** Loads the implementation of the channel. */
  readonly load: () => OpenChannel;
  /** Whether a slave runs in the master's process, so that it has no executable, no title and no debugger of its own. */
  readonly sharesProcess: boolean;
  /** Whether a slave runs in the master's thread, so that it has no options for Node, no environment and no loader of its own. */
  readonly sharesThread: boolean;
  /** Loads the filter for options of the master's Node. Default: a slave may have all. */
  readonly optionFilter?: () => OptionFilter;
}

/** Whether Node accepts an option: as an element of `execArgv`, and in the variable NODE_OPTIONS. */
export interface OptionFilter {
  readonly suitsExecArgv: (option: readonly string[]) => boolean;
  readonly suitsVariable: (option: readonly string[]) => boolean;
}

/* eslint-disable @typescript-eslint/no-require-imports -- a master loads only the runtimes that it uses */
export const RUNTIMES: Readonly<Record<Runtime, RuntimeTraits>> = {
  process: {
    load: () => (require('./process-channel') as typeof import('./process-channel')).openProcess,
    sharesProcess: false,
    sharesThread: false,
  },
  thread: {
    load: () => (require('./thread-channel') as typeof import('./thread-channel')).openThread,
    sharesProcess: true,
    sharesThread: false,
    optionFilter: () => require('./thread-options') as typeof import('./thread-options'),
  },
  inline: {
    load: () => (require('./inline-channel') as typeof import('./inline-channel')).openInline,
    sharesProcess: true,
    sharesThread: true,
  },
};
/* eslint-enable @typescript-eslint/no-require-imports */
