// A part of an hour of a power user; `cargo xtask bench hour` plays whole hours with many seeds.
import { test } from './fixtures';
import { Hour } from './hour';

test('after a part of an hour, what was typed is stored: nothing lost, nothing twice', async ({ newDevice, email }) => {
  const laptop = await newDevice({ viewport: { width: 1300, height: 2000 }, hasTouch: true });
  await laptop.createAccount(email);
  const hour = new Hour(laptop, 42);
  await hour.play(40);
  await hour.end();
  await hour.compare(laptop);
});
