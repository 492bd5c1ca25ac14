/** A service that gets its slaves injected. */
import { type Client, Master, Task } from 'dist-io';
import { masterModule, slaveModule } from 'dist-io/inversify';
import { Container, inject, injectable } from 'inversify';

export class Greeter {
  @Task() greet(name: string): string {
    return `Hello ${name}`;
  }
}

@injectable()
export class Service {
  constructor(
    @inject(Master) readonly master: Master,
    @inject(Greeter) readonly greeter: Client<Greeter>,
  ) {}
}

const container = new Container();
container.load(masterModule(), slaveModule(Greeter, './greeter.js'));
export const service: Service = container.get(Service);
