// Many hours of a power user, each with a seed of its own, and a second device that must end with the same. Run by `cargo
// xtask bench hour`; `TSUGI_HOURS` says how many seeds, and `TSUGI_HOUR_FROM` the first.
import { expect, test } from './fixtures';
import { Hour } from './hour';

const HOURS = Number(process.env.TSUGI_HOURS ?? 50);
const FROM = Number(process.env.TSUGI_HOUR_FROM ?? 1);

for (let seed = FROM; seed < FROM + HOURS; seed += 1) {
  test(`an hour with seed ${seed}`, async ({ newDevice, email }) => {
    test.setTimeout(600_000);
    const laptop = await newDevice({ viewport: { width: 1300, height: 2000 }, hasTouch: true });
    await laptop.createAccount(email);
    // Whatever does not come within this time does not come.
    laptop.page.setDefaultTimeout(20_000);
    const hour = new Hour(laptop, seed);
    await hour.play(160);
    await hour.end();
    await hour.compare(laptop);
    const phone = await newDevice();
    await phone.signIn(email);
    await hour.compare(phone);
    const made = [...hour.counts.values()].reduce((sum, count) => sum + count, 0);
    expect(made).toBeGreaterThanOrEqual(150);
    console.log(`seed ${seed}: ${made} gestures, nothing lost, nothing twice`);
  });
}
