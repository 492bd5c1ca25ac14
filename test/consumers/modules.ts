/** The modules for inversify, by themselves. */
import { Master } from 'dist-io';
import { masterModule, slaveModule, type SlaveModuleOptions } from 'dist-io/inversify';

interface Greeter {
  sayHello(name: string): string;
}

const options: SlaveModuleOptions = { count: 2, group: 'greeters' };

export const modules = [masterModule({ timeout: '5s' }), slaveModule<Greeter>('greeter', './greeter.js', options)];

export const identifier: typeof Master = Master;
