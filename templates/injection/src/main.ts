import { createContainer } from './container.js';
import { PrimeService } from './prime-service.js';

const LIMIT = 2_000_000;

const container = createContainer();

const total = await container.get(PrimeService).countBelow(LIMIT);
console.log(`There are ${total} primes below ${LIMIT}.`);

// Also ends the slaves.
await container.unbindAllAsync();
