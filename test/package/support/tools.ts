/** What a project installs, besides dist-io, to run TypeScript: whole sets, since a linked package brings nothing with it. */
export const TS_NODE = ['ts-node', 'typescript', '@types/node', 'undici-types'];

export const TSX = ['tsx'];

export const INVERSIFY = ['inversify'];
