// Serves the list that is written by hand (plain/), dressed in the app's own style sheets.
import { createServer, type AddressInfo } from 'node:http';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const TYPES: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };

export class PlainServer {
  private readonly server = createServer(async ({ url }, answer) => {
    const name = basename(new URL(url!, 'http://plain').pathname) || 'index.html';
    const type = TYPES[name.split('.').pop()!];
    try {
      const folder = type === 'text/css' ? this.dist : join(import.meta.dirname, 'plain');
      const text = await readFile(join(folder, name), 'utf8');
      answer.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' });
      answer.end(name === 'index.html' ? text.replace(/<!-- The style.*-->/, await this.styles()) : text);
    } catch {
      answer.writeHead(404).end();
    }
  });

  constructor(private readonly dist: string) {}

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async styles(): Promise<string> {
    const page = await readFile(join(this.dist, 'index.html'), 'utf8');
    return page.match(/<link rel="stylesheet"[^>]*>/g)!.join('\n');
  }
}
