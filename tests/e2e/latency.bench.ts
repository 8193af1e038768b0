// From the key that commits a change on one device to the painted change on another: two browsers, one real server,
// one machine, whose one clock makes the two times comparable. Run by `cargo xtask bench latency`.
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

const WARM_UP = 10;
const CHANGES = 300;

/** Notes when each title is first painted. */
async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: Record<string, number> = ((window as any).seen = {});
    const look = () => {
      for (const title of document.querySelectorAll('.task__title')) {
        const text = title.textContent!;
        // The paint follows the frame in which the change is in the document.
        if (!(text in seen)) requestAnimationFrame(() => (seen[text] ??= performance.timeOrigin + performance.now()));
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

/** Renames the one task; answers when the key was pressed that commits it. */
async function rename(page: Page, from: string, to: string): Promise<number> {
  await page.getByRole('button', { name: `Edit ${from}`, exact: true }).click();
  const title = page.getByRole('textbox', { name: 'Title' });
  await title.fill(to);
  await title.evaluate((input) => {
    input.addEventListener('keydown', () => ((window as any).pressed = performance.timeOrigin + performance.now()), {
      once: true,
      capture: true,
    });
  });
  await title.press('Enter');
  return page.evaluate(() => (window as any).pressed);
}

test('change to other screen', async ({ pair: [laptop, phone] }) => {
  test.setTimeout(300_000);
  await laptop.add('Change');
  await watch(phone.page);
  await watch(laptop.page);
  let before = 'Change';
  const other: number[] = [];
  const own: number[] = [];
  for (let n = 0; n < WARM_UP + CHANGES; n++) {
    const title = `Change ${n}`;
    const pressed = await rename(laptop.page, before, title);
    before = title;
    const at = (page: Page) => page.waitForFunction((t) => (window as any).seen[t], title, { timeout: 5000 }).then((h) => h.jsonValue());
    const [there, here] = await Promise.all([at(phone.page), at(laptop.page)]);
    if (n >= WARM_UP) {
      other.push(there - pressed);
      own.push(here - pressed);
    }
  }
  for (const [name, all] of [['key → own screen', own], ['key → other screen', other]] as const) {
    all.sort((a, b) => a - b);
    const at = (share: number) => all[Math.min(all.length - 1, Math.floor(all.length * share))].toFixed(1);
    console.log(`${name}: n ${all.length}, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`);
  }
  expect(other).toHaveLength(CHANGES);
});
