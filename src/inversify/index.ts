/** `dist-io/inversify` for CommonJS: injects the master and the typed clients of slaves. The twin of `index.mts`. */
import { ContainerModule } from 'inversify';
import { type Modules, modulesFor } from './modules';

export type { Modules, SlaveModuleOptions } from './modules';

const modules = modulesFor(ContainerModule);
/** See {@link Modules.masterModule}. */
export const masterModule: Modules['masterModule'] = modules.masterModule;
/** See {@link Modules.slaveModule}. */
export const slaveModule: Modules['slaveModule'] = modules.slaveModule;
