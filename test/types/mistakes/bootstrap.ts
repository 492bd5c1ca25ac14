/** What `bootstrap` must refuse. */
import { bootstrap, Task } from 'dist-io';

class Greeter {
  @Task() greet(): string {
    return 'Hello';
  }
}

// @ts-expect-error no class
bootstrap('Greeter');

// @ts-expect-error nothing
bootstrap(undefined);

// @ts-expect-error no container
bootstrap(Greeter, { container: {} });

// @ts-expect-error no such option
bootstrap(Greeter, { containers: new Map() });
