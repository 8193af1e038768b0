// The built app, in a folder that is gone with this process, with one script more: it listens to the console.
import { rmSync } from 'node:fs';
import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = 'heard.js';

export async function listeningApp() {
  const dist = process.env.TSUGI_DIST;
  if (!dist) throw new Error('TSUGI_DIST is not set: run these tests by `cargo xtask test --only engines`');
  const folder = await mkdtemp(join(tmpdir(), 'tsugi-engines-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  await cp(dist, folder, { recursive: true });
  await copyFile(new URL(SCRIPT, import.meta.url), join(folder, SCRIPT));
  const index = join(folder, 'index.html');
  const page = await readFile(index, 'utf8');
  await writeFile(index, page.replace('<head>', `<head><script src="/${SCRIPT}"></script>`));
  // The server would prefer these to the page that was just changed.
  for (const packed of ['.br', '.gz']) await rm(index + packed, { force: true });
  return folder;
}
