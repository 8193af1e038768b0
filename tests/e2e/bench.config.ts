// Benchmarks measure and print; they judge nothing, and are no part of the tests.
import base from './playwright.config';

export default { ...base, testMatch: '**/*.bench.ts', workers: 1, fullyParallel: false };
