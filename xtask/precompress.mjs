// Writes a .br and a .gz beside every file of a directory that is worth it, so that the server never compresses at
// run time. Node has both algorithms built in, which keeps xtask free of dependencies.
import { promises as fs } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";

const SMALLEST = 1024;
const COMPRESSED_ALREADY = new Set([".br", ".gz", ".png", ".jpg", ".webp", ".avif", ".woff2", ".zip"]);

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

async function compress(file) {
  const content = await fs.readFile(file);
  if (content.length < SMALLEST) return;
  const params = {
    [zlib.constants.BROTLI_PARAM_QUALITY]: 11,
    [zlib.constants.BROTLI_PARAM_LGWIN]: 22,
    [zlib.constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  const [br, gz] = await Promise.all([brotli(content, { params }), gzip(content, { level: 9 })]);
  await Promise.all([fs.writeFile(`${file}.br`, br), fs.writeFile(`${file}.gz`, gz)]);
}

async function* files(directory) {
  for (const entry of await fs.readdir(directory, { withFileTypes: true })) {
    const entryPath = path.join(directory, entry.name);
    if (entry.isDirectory()) yield* files(entryPath);
    else if (!COMPRESSED_ALREADY.has(path.extname(entry.name))) yield entryPath;
  }
}

const work = [];
for await (const file of files(process.argv[2])) work.push(compress(file));
await Promise.all(work);
