import { Slave, Task } from 'dist-io';

/** A slave written as a class. It is exported, so dist-io finds it once the file has loaded. */
export class Greeter {
  private greeted = 0;

  @Task('say hello')
  sayHello(name: string): string {
    this.greeted++;
    return `Hello ${name}`;
  }

  /** Without a name of its own, the task is called as the method. */
  @Task()
  howMany(): string {
    return `${this.greeted} people, by slave ${Slave.id}`;
  }
}
