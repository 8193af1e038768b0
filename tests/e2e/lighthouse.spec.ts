// Lighthouse's judgement of the main screens: accessibility and best practices must be whole, on a phone and on a
// desktop. Only these two categories: they are verdicts on the page, where its performance figures would be verdicts on
// the machine (`cargo xtask bench` measures those).
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import lighthouse, { desktopConfig, type Config, type Flags, type Result } from 'lighthouse';
import config from './playwright.config';
import { Device, expect, test } from './fixtures';

const CATEGORIES = ['accessibility', 'best-practices'];
const FORMS: [string, Config | undefined][] = [
  ['phone', undefined],
  ['desktop', desktopConfig],
];

/** A screen: where it is, and what shows that it is there and not another. */
type Screen = { name: string; url: string; isShown: (device: Device) => Promise<void> };

for (const [form, settings] of FORMS) {
  test(`Lighthouse finds nothing on any main screen (${form})`, async ({ server, email }) => {
    test.setTimeout(240_000);
    const browser = await open();
    const device = new Device(browser.context.pages()[0]);
    const found: string[] = [];
    try {
      await device.open(server.url);
      found.push(...(await judge(browser, settings, accountScreen(server.url))));
      for (const screen of await signedInScreens(device, email)) found.push(...(await judge(browser, settings, screen)));
    } finally {
      await browser.close();
    }
    expect(found, `Lighthouse on a ${form}`).toEqual([]);
  });
}

function accountScreen(url: string): Screen {
  const isShown = (device: Device) => expect(device.page.getByRole('button', { name: 'Create account' })).toBeVisible();
  return { name: 'account', url, isShown };
}

/** Makes an account with something on every screen. */
async function signedInScreens(device: Device, email: string): Promise<Screen[]> {
  const { page } = device;
  await device.createAccount(email);
  await device.add('Buy a kite today p1 #Errands', 'Fly it on Sunday #Errands @wind', 'Read about knots today', 'Done already');
  await device.checkbox('Done already').check();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Errands/ }).click();
  await expect(device.tasks).toHaveCount(2);
  const list = page.url();
  await device.edit('Buy a kite', { Notes: 'A red one.' });
  await page.getByRole('button', { name: 'Edit Buy a kite', exact: true }).click();
  await expect(device.editor).toBeVisible();
  const open = page.url();
  await device.isSynced();
  await device.isSaved();
  const has = (title: string) => (shown: Device) => expect(shown.checkbox(title)).toBeVisible();
  const says = (name: string) => (shown: Device) =>
    expect(shown.page.getByRole('heading', { level: 1, name })).toBeVisible();
  return [
    { name: 'Today', url: new URL('/today', list).href, isShown: has('Read about knots') },
    {
      name: 'a list with a task open',
      url: open,
      isShown: (shown) => expect(shown.editor.getByLabel('Title')).toHaveValue('Buy a kite'),
    },
    { name: 'a board', url: `${list}/board`, isShown: (shown) => expect(shown.page.locator('.card')).toHaveCount(2) },
    { name: 'settings', url: new URL('/settings', list).href, isShown: says('Settings') },
    { name: 'about sync', url: new URL('/about-sync', list).href, isShown: says('About sync') },
  ];
}

/** What Lighthouse finds wrong with a screen, a line each. */
async function judge(browser: Opened, settings: Config | undefined, screen: Screen): Promise<string[]> {
  const flags: Flags = {
    port: browser.port,
    logLevel: 'error',
    onlyCategories: CATEGORIES,
    // The person stays signed in.
    disableStorageReset: true,
    // A picture of the whole page is for reports.
    disableFullPageScreenshot: true,
  };
  const opened = browser.context.waitForEvent('page', { timeout: 60_000 });
  const isRight = opened.then((page: Page) => screen.isShown(new Device(page)));
  const [result] = await Promise.all([lighthouse(screen.url, flags, settings), isRight]);
  const { lhr } = result!;
  const found = CATEGORIES.flatMap((name) => failures(screen.name, name, lhr));
  if (lhr.runtimeError) found.push(`${screen.name}: ${lhr.runtimeError.message}`);
  return found;
}

/** Why a category of a screen is not at 100. */
function failures(screen: string, name: string, lhr: Result): string[] {
  const category = lhr.categories[name];
  if (category.score === 1) return [];
  const lines = [`${screen}: ${name} is at ${category.score === null ? 'no score' : Math.round(category.score * 100)}`];
  for (const { id, weight } of category.auditRefs) {
    const audit = lhr.audits[id];
    if (weight === 0 || audit.scoreDisplayMode === 'notApplicable' || audit.score === 1) continue;
    lines.push(`${screen}: ${id}: ${audit.title} ${audit.errorMessage ?? ''} ${JSON.stringify(items(audit.details))}`);
  }
  return lines;
}

/** The places an audit names, as short as can be read. */
function items(details: Result['audits'][string]['details']): unknown[] {
  if (details?.type !== 'table') return [];
  return details.items.slice(0, 8).map((item) => {
    const node = item.node as { snippet?: string } | undefined;
    return node?.snippet ?? item;
  });
}

type Opened = { context: BrowserContext; port: number; close: () => Promise<void> };

/**
 * A browser with one profile for everything: what Lighthouse opens through the port is in the browser's own context,
 * and so is the device.
 */
async function open(): Promise<Opened> {
  const profile = await mkdtemp(join(tmpdir(), 'tsugi-profile-'));
  const { executablePath, args } = config.use!.launchOptions!;
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...args!, '--remote-debugging-port=0', '--window-size=1280,900'],
    // Lighthouse sets the size of what it opens, and two cannot.
    viewport: null,
    locale: config.use!.locale,
  });
  context.setDefaultTimeout(15_000);
  const [port] = (await readFile(join(profile, 'DevToolsActivePort'), 'utf8')).split('\n');
  const close = async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  };
  return { context, port: Number(port), close };
}
