// Pictures for the documents; no part of the tests.
import base from './playwright.config';

export default { ...base, testMatch: '**/*.shot.ts' };
