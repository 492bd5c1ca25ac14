/** `dist-io/inversify` for ES modules: injects the master and the typed clients of slaves. The twin of `index.ts`. */
import { ContainerModule } from 'inversify';
import { type Modules, modulesFor } from './modules.js';

export type { Modules, SlaveModuleOptions } from './modules.js';

const modules = modulesFor(ContainerModule);
/** See {@link Modules.masterModule}. */
export const masterModule: Modules['masterModule'] = modules.masterModule;
/** See {@link Modules.slaveModule}. */
export const slaveModule: Modules['slaveModule'] = modules.slaveModule;
