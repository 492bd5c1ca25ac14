/** What a typed client must not offer, or refuse. */
import { Master } from 'dist-io';
import type { Greeter } from '../expected/greeter';

const greeter = Master.createSlave('./greeter.js').as<Greeter>();

// @ts-expect-error no such method
void greeter.sayGoodbye();

// @ts-expect-error wrong data
void greeter.sayHello(5);

// @ts-expect-error missing data
void greeter.sayHello();

// @ts-expect-error a private method
void greeter.secret();

// @ts-expect-error a protected method
void greeter.guarded();

// @ts-expect-error a property
void greeter.greeting;

// @ts-expect-error a method that cannot be a task
void greeter.helper('Ann', 5);

// @ts-expect-error `done` is the slave's affair
void greeter.later('Ann', () => undefined);

// @ts-expect-error clients are not thenable
void greeter.then();
