// How long the panel of 500 open conflicts takes to open, and how long a key that decides one of them takes. Run by
// `cargo xtask bench conflicts`; `TSUGI_CONFLICTS` is the number of conflicts.
import { apart, conflicts, inbox } from './conflicts';
import { expect, test, type Device } from './fixtures';

const COUNT = Number(process.env.TSUGI_CONFLICTS ?? 500);
const ROUNDS = 9;

const median = (times: number[]) => [...times].sort((a, b) => a - b)[times.length >> 1]!;

/** Milliseconds from this act until the frame after the one in which the page shows its outcome. */
const timed = (device: Device, act: 'open' | 'decide', before: number) =>
  device.page.evaluate(([act, before]) => new Promise<number>((resolve) => {
    const started = performance.now();
    const shown = () => document.querySelectorAll('.inbox__list [data-conflict]').length;
    const number = () => Number(document.querySelector('.conflicts-button__count')?.textContent ?? 0);
    const isDone = () => (act === 'open' ? shown() > 0 : number() < before);
    const look = () => requestAnimationFrame(() => (isDone() ? resolve(performance.now() - started) : look()));
    if (act === 'open') document.querySelector<HTMLElement>('.conflicts-button')!.click();
    else document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true, cancelable: true }));
    look();
  }), [act, before] as const);

test(`${COUNT} open conflicts`, async ({ pair }) => {
  test.setTimeout(30 * 60_000);
  const [laptop, phone] = pair;
  await phone.page.getByRole('link', { name: 'Settings' }).click();
  await phone.page.getByRole('switch', { name: 'Priority: Always ask' }).press('Space');
  await phone.goToInbox();
  await laptop.add(...Array.from({ length: COUNT }, (_, nth) => `Task ${nth + 1}`));
  await expect(phone.page.getByRole('heading', { level: 1 }).locator('..')).toContainText(`${COUNT} open`);
  const all = (key: string) => async (device: Device) => {
    await device.tasks.first().getByRole('checkbox').focus();
    await device.page.keyboard.press('ControlOrMeta+a');
    await device.page.keyboard.press(key);
    await device.page.keyboard.press('Escape');
  };
  await apart(pair, all('1'), all('3'));
  await expect(conflicts(phone)).toContainText(String(COUNT));
  const opened: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    opened.push(await timed(phone, 'open', COUNT));
    await expect(inbox(phone)).toBeVisible();
    await conflicts(phone).click();
    await expect(inbox(phone)).toBeHidden();
  }
  await conflicts(phone).click();
  await inbox(phone).getByRole('button').first().focus();
  const decided: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    decided.push(await timed(phone, 'decide', COUNT - round));
  }
  console.log(`${COUNT} conflicts: the panel opens in ${median(opened).toFixed(1)} ms (worst ${Math.max(...opened).toFixed(1)}), ` +
    `a key decides one in ${median(decided).toFixed(1)} ms (worst ${Math.max(...decided).toFixed(1)}); medians of ${ROUNDS}`);
});
