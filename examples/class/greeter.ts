import { Slave, Task } from 'dist-io';

/** A slave written as a class. dist-io finds it after the file has loaded, since it is exported. */
export class Greeter {
  private greeted = 0;

  @Task('say hello')
  sayHello(name: string): string {
    this.greeted++;
    return `Hello ${name}`;
  }

  /** Without a name in the decorator, the task has the name of the method. */
  @Task()
  howMany(): string {
    return `${this.greeted} people, by slave ${Slave.id}`;
  }
}
