// A TCP proxy between devices and the server: it counts what passes, and can cut connections at any byte.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

/** Bytes and pieces that passed, each way. */
export type Passed = { up: number; down: number; pieces: number };

export class Proxy {
  private readonly open = new Set<Socket>();
  private readonly server = createServer((client) => this.pass(client));
  private passed: Passed = { up: 0, down: 0, pieces: 0 };
  /** Answers after how many bytes a new connection is cut; none where it is not. */
  private budget: () => number | undefined = () => undefined;
  cuts = 0;

  constructor(private readonly target: number) {}

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.cutAll();
  }

  /** From now on each connection is cut after a number of bytes between these, and those that are open are cut now. */
  cutBetween(least: number, most: number): void {
    this.budget = () => least + Math.floor(Math.random() * (most - least));
    this.cutAll();
  }

  heal(): void {
    this.budget = () => undefined;
  }

  cutAll(): void {
    for (const socket of this.open) socket.destroy();
  }

  /** What passed since this was last asked. */
  take(): Passed {
    const passed = this.passed;
    this.passed = { up: 0, down: 0, pieces: 0 };
    return passed;
  }

  private pass(client: Socket): void {
    const server = connect(this.target, '127.0.0.1');
    const pair = [client, server];
    let left = this.budget();
    const end = () => {
      for (const socket of pair) {
        socket.destroy();
        this.open.delete(socket);
      }
    };
    for (const [from, to, way] of [[client, server, 'up'], [server, client, 'down']] as const) {
      from.setNoDelay(true);
      this.open.add(from);
      from.on('error', end);
      from.on('close', end);
      from.on('data', (bytes: Buffer) => {
        const piece = left === undefined ? bytes : bytes.subarray(0, left);
        this.passed[way] += piece.length;
        this.passed.pieces += 1;
        to.write(piece);
        if (left === undefined) return;
        left -= piece.length;
        if (left <= 0) {
          this.cuts += 1;
          // What was written so far still arrives: half a frame, half a header.
          to.end(() => end());
          from.pause();
        }
      });
    }
  }
}
