import * as dist from 'dist-io';
import { expect, test, vi } from 'vitest';
import behaviour from '../behaviour.js';

behaviour.define({ test, expect, dist, useFakeTimers: () => vi.useFakeTimers(), useRealTimers: () => vi.useRealTimers() });
