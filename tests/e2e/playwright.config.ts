// End-to-end tests: several browser contexts stand for several devices. Each spec starts a server of its own (the
// program named by TSUGI_SERVER_BIN serving TSUGI_DIST), so specs share nothing and may run beside each other.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  fullyParallel: true,
  workers: 3,
  // A test that passes at the second try has found something.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  // Generous, because a busy machine is slow and not wrong: nothing waits longer than it has to.
  timeout: 240_000,
  expect: { timeout: 45_000 },
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    browserName: 'chromium',
    locale: 'en-US',
    // A trace of each test costs as much as the test: it is recorded only when somebody wants to look at one.
    trace: process.env.TSUGI_TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      // Debian's Chromium without a window, which takes half of the work; Playwright's own is not downloaded.
      executablePath: '/usr/bin/chromium-headless-shell',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
