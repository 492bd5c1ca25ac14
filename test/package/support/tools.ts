/** What a project installs besides dist-io: whole sets, since a linked package brings nothing with it. */
export const TYPES = ['@types/node', 'undici-types'];

export const TS_NODE = ['ts-node', 'typescript', ...TYPES];

export const TSX = ['tsx'];

export const INVERSIFY = ['inversify'];
