// The main paths of the app in the three engines, against the real server: Chromium, Firefox and WebKit, the engine
// of Safari and of every browser on an iPhone. The details are tested in tests/e2e. These tests make sure that
// nothing that people do every day depends on one engine. Each test has a server of its own.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Server } from '../client/server.mjs';
import { listeningApp } from './app.mjs';
import { Device } from './device.mjs';
import { Browsers, complaints, ENGINES } from './engines.mjs';
import { until } from './webdriver.mjs';

const EMAIL = 'someone@example.org';
const TITLE = 'Two things to do before the train leaves';

const app = await listeningApp();
const serve = (t) => Server.during(t, ['--static', app]);

async function newDevice(t, browsers, server) {
  const session = await browsers.take(t);
  await session.open(server.url);
  return new Device(session);
}

/** Two devices of one account. */
async function pair(t, browsers, server) {
  const laptop = await newDevice(t, browsers, server);
  await laptop.createAccount(EMAIL);
  const phone = await newDevice(t, browsers, server);
  await phone.signIn(EMAIL);
  return [laptop, phone];
}

/** Runs in the page: what is wider than it shows, of this element and all that scrolls in it. */
function sidewaysWithin(element) {
  const all = [element, ...element.querySelectorAll('div, section, form, ul')];
  const wide = all.filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible');
  return wide.map((one) => `${one.className}: ${one.scrollWidth} in ${one.clientWidth}`);
}

/** Runs in the page: how high each line of a property is, and what it is drawn with. */
function looksOfProperties(element) {
  return [...element.querySelectorAll('.property__line')].map((line) => {
    const { backgroundColor, borderTopWidth, appearance } = getComputedStyle(line);
    return { words: line.textContent, height: line.offsetHeight, look: `${backgroundColor} ${borderTopWidth} ${appearance}` };
  });
}

/** Runs in the page: the controls that the browser draws in its own way. */
function browsersOwn(element) {
  return element.querySelectorAll('select, input[type=date], input[type=time]').length;
}

for (const engine of ENGINES) {
  const missing = await engine.needs();
  if (missing.length > 0) {
    test(engine.name, (t) => {
      const said = `missing: ${missing.join(', ')}`;
      // A machine may lack an engine. On CI, that is a failure like any other.
      if (process.env.CI) assert.fail(said);
      t.skip(said);
    });
    continue;
  }
  describe(engine.name, () => {
    const browsers = new Browsers(engine);
    after(() => browsers.end());

    test('account, add, edit, complete, drag, each shown at once and on the other device', async (t) => {
      const server = await serve(t);
      const laptop = await newDevice(t, browsers, server);
      await laptop.createAccount(EMAIL);
      await laptop.add('First');
      await laptop.task('First');
      await laptop.add('Second');
      await laptop.add('Third');
      await laptop.shows('First', 'Second', 'Third');

      const phone = await newDevice(t, browsers, server);
      await phone.signIn(EMAIL);
      await phone.shows('First', 'Second', 'Third');
      await phone.edit('Second', { Title: TITLE, Notes: 'in the kitchen' });
      await laptop.task(TITLE);
      await laptop.drag('Third', 'First');
      await laptop.shows('Third', 'First', TITLE);
      await phone.shows('Third', 'First', TITLE);
      await phone.complete('First');
      await laptop.shows('Third', TITLE, '[First]');
      await laptop.isSynced();
      for (const device of [laptop, phone]) assert.deepEqual(await complaints(engine, device.session), []);
    });

    test('the editor fits: nothing scrolls sideways, one line for a short title, fields of one kind', async (t) => {
      const laptop = await newDevice(t, browsers, await serve(t));
      await laptop.press('button', 'Use without an account');
      await laptop.goToInbox();
      await laptop.add('The first task');
      await laptop.task('The first task');
      const editor = await laptop.openEditor('The first task');
      assert.deepEqual(await laptop.session.run(sidewaysWithin, editor), []);
      const title = await laptop.see('textbox', 'Title', editor);
      const height = () => laptop.session.run((field) => field.offsetHeight, title);
      const single = await height();
      assert.ok(single < 60, `a short title is ${single} px high`);
      await laptop.fill('Title', 'A title that is so long that it takes more than one line of the editor', editor);
      await until('a long title takes more room', async () => (await height()) > single + 10);
      assert.equal(await laptop.session.run(browsersOwn, editor), 0);
      const kinds = await laptop.session.run(looksOfProperties, editor);
      assert.ok(kinds.length >= 6, JSON.stringify(kinds));
      assert.equal(new Set(kinds.map(({ look }) => look)).size, 1, JSON.stringify(kinds));
      const heights = kinds.map(({ height }) => height);
      assert.ok(Math.max(...heights) - Math.min(...heights) <= 3, JSON.stringify(kinds));
    });

    test('a conflict is asked, and answered on one device for both', async (t) => {
      const server = await serve(t);
      const [laptop, phone] = await pair(t, browsers, server);
      await laptop.add('Draft');
      await phone.task('Draft');
      await laptop.workOffline(true);
      await phone.workOffline(true);
      await laptop.edit('Draft', { Title: 'From the laptop' });
      await phone.edit('Draft', { Title: 'From the phone' });
      await laptop.workOffline(false);
      await laptop.isSynced();
      await phone.workOffline(false);

      await phone.press('button', 'Conflicts…');
      await phone.press('button', '…', await phone.see('list', 'Open conflicts'));
      const dialog = await phone.see('dialog', 'Resolve conflict');
      await phone.press('radio', 'This device…', await phone.see('group', 'Title', dialog));
      await phone.press('button', 'Save result', dialog);
      for (const device of [laptop, phone]) await device.task('From the phone');
      await laptop.isSynced();
      await phone.isSynced();
    });

    test('it starts with the server stopped, and sends what was done once the server is back', async (t) => {
      const server = await serve(t);
      const [laptop, phone] = await pair(t, browsers, server);
      await laptop.add('Before');
      await laptop.isSynced();
      await laptop.startsAlone();
      await server.stop();
      await laptop.says('Offline');
      await laptop.session.open(server.url);
      await laptop.task('Before');
      await laptop.add('Without a server');
      await laptop.task('Without a server');
      await laptop.session.reload();
      await laptop.shows('Before', 'Without a server');
      await server.start();
      await phone.shows('Before', 'Without a server');
      await laptop.isSynced();
    });

    test('two tabs show the same, whichever holds the connection', async (t) => {
      const server = await serve(t);
      const [laptop, phone] = await pair(t, browsers, server);
      const [first, second] = await laptop.session.anotherTab();
      await laptop.session.goToTab(second);
      await laptop.session.open(server.url);
      await laptop.isSynced();
      await laptop.add('From the second tab');
      await laptop.session.goToTab(first);
      await laptop.task('From the second tab');
      await laptop.add('From the first tab');
      await phone.shows('From the second tab', 'From the first tab');
      await phone.add('From the phone');
      for (const tab of [first, second]) {
        await laptop.session.goToTab(tab);
        await laptop.shows('From the second tab', 'From the first tab', 'From the phone');
        await laptop.isSynced();
      }
    });
  });
}
