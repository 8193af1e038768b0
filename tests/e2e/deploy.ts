// A build of the app in a folder of its own, which the next build can take the place of while the server runs.
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A copy of a build, without what the server would prefer to the plain files. */
export async function deploy(dist: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tsugi-dist-'));
  await cp(dist, folder, { recursive: true });
  for (const name of await readdir(folder)) if (/\.(br|gz)$/.test(name)) await rm(join(folder, name));
  return folder;
}

/**
 * Another build: a style sheet has changed, and so has its name. What was there before is gone, as where a folder is
 * replaced. A page that runs this build has `--build` set to `name`.
 */
export async function deployNext(folder: string, name: string): Promise<void> {
  const index = join(folder, 'index.html');
  const page = await readFile(index, 'utf8');
  const [link, before] = page.match(/<link rel="stylesheet" href="\/(style-[0-9a-f]+\.css)"[^>]*>/)!;
  const after = `style-${Date.now().toString(16).padStart(16, '0')}.css`;
  const style = await readFile(join(folder, before), 'utf8');
  await writeFile(join(folder, before), `${style}\n:root { --build: ${name}; }\n`);
  await rename(join(folder, before), join(folder, after));
  await writeFile(index, page.replace(link, `<link rel="stylesheet" href="/${after}">`));
}
