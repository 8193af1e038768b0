// Where a replica is kept between two runs of a program.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { parse } from './value.mjs';

/** A JSON file, written whole: enough for some thousand tasks. Whoever reads it finds the old one or the new one. */
export class JsonFile {
  constructor(path) {
    this.path = path;
  }

  load() {
    return existsSync(this.path) ? parse(readFileSync(this.path, 'utf8')) : null;
  }

  save(state) {
    const partial = `${this.path}.partial`;
    const file = openSync(partial, 'w');
    writeSync(file, JSON.stringify(state));
    fsyncSync(file);
    closeSync(file);
    renameSync(partial, this.path);
  }
}

/** For programs that forget all of it at their end. */
export const MEMORY = { load: () => null, save: () => {} };
