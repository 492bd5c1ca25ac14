/** A program in classes: a slave's class, and its typed client. */
import { bootstrap, type Client, Master, Task } from 'dist-io';

export class Greeter {
  @Task('say hello') sayHello(name: string): string {
    return `Hello ${name}`;
  }
}

bootstrap(Greeter);

export function greet(name: string): Promise<string> {
  const greeter: Client<Greeter> = Master.createSlaves(2, './greeter.js').as<Greeter>();
  return greeter.sayHello(name);
}
