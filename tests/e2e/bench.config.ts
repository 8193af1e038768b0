// Benchmarks measure and print; they judge nothing, and are no part of the tests.
import base from './playwright.config';

// A trace takes part in what is measured.
const use = { ...base.use, trace: 'off' as const };

export default { ...base, use, testMatch: '**/*.bench.ts', workers: 1, fullyParallel: false };
