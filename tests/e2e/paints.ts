// How long what a person does takes to be painted: the same clocks in whatever page is measured.
import type { CDPSession, Page } from '@playwright/test';

/** What a frame must show to count as the answer. Without a wish, the next frame is. */
export type Wanted = {
  /** The text beside the heading, or that it is another one than before. */
  count?: string;
  otherCount?: boolean;
  /** Another task is the first. */
  otherFirst?: boolean;
  heading?: string;
};

/** Milliseconds from the key or click to the first frame after it, and to the first that shows what is wanted. */
export type Paint = { first: number; shown: number };

/** What the main thread of a page did while something was measured. */
export type Work = { busy: number };

/** Milliseconds between one measured gesture and the next: what is to be saved and sent is, by then. */
const BREATH = 80;

/** Runs in the page, before anything of it. A frame counts as painted when the main thread is done with it. */
function installPaints(): void {
  const afterPaint = (then: () => void) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => then();
    requestAnimationFrame(() => port2.postMessage(null));
  };
  const first = () => document.querySelector<HTMLElement>('.task')?.dataset.task;
  const text = (selector: string) => document.querySelector(selector)?.textContent?.trim();
  let pressed = 0;
  addEventListener('keydown', ({ timeStamp }) => (pressed = timeStamp), true);

  const paints = {
    last: undefined as Promise<Paint> | undefined,
    started: undefined as Promise<number> | undefined,

    /** The next event of this type is measured. What is typed was pressed a moment before. */
    arm(type: string, wanted: Wanted): void {
      const before = { count: text('.list-head__count'), first: first() };
      const isShown = () =>
        (wanted.count === undefined || text('.list-head__count') === wanted.count) &&
        (!wanted.otherCount || text('.list-head__count') !== before.count) &&
        (!wanted.otherFirst || first() !== before.first) &&
        (wanted.heading === undefined || (text('.list-head__title') === wanted.heading && first() !== undefined));
      paints.last = new Promise((done) => {
        const happened = (event: Event) => {
          const began = type === 'input' ? pressed : event.timeStamp;
          let painted = 0;
          const look = () => {
            let is = false;
            requestAnimationFrame(() => (is = isShown()));
            afterPaint(() => {
              const took = performance.now() - began;
              painted ||= took;
              if (is) done({ first: painted, shown: took });
              else look();
            });
          };
          look();
        };
        addEventListener(type, happened, { once: true, capture: true });
      });
    },

    /** Notes every frame until it is asked to stop: how long after the one before, and whether there was a task in it. */
    watchFrames(): () => { took: number[]; empty: number } {
      const took: number[] = [];
      let [empty, before, goes] = [0, performance.now(), true];
      const frame = (now: number) => {
        took.push(now - before);
        before = now;
        if (!document.elementFromPoint(innerWidth * 0.6, innerHeight / 2)?.closest('.task')) empty++;
        if (goes) requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      return () => {
        goes = false;
        return { took: took.slice(1), empty };
      };
    },
    stopFrames: undefined as (() => { took: number[]; empty: number }) | undefined,
    memory: undefined as WebAssembly.Memory | undefined,
  };
  (window as any).paints = paints;

  paints.started = new Promise((done) => {
    const watch = new MutationObserver(() => {
      if (!first()) return;
      watch.disconnect();
      afterPaint(() => done(performance.now()));
    });
    watch.observe(document, { childList: true, subtree: true });
  });

  const instantiate = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...wanted) => {
    const made = await instantiate(...wanted);
    paints.memory = made.instance.exports.memory as WebAssembly.Memory;
    return made;
  };
}

/** A page whose paints are measured. */
export class Measured {
  private constructor(
    readonly page: Page,
    private readonly cdp: CDPSession,
  ) {}

  /** From its next load on. */
  static async of(page: Page): Promise<Measured> {
    await page.addInitScript(installPaints);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    await cdp.send('HeapProfiler.enable');
    return new Measured(page, cdp);
  }

  /** Does something that ends in an event of this type, and waits until it is painted. */
  async paint(type: 'input' | 'keydown' | 'click', wanted: Wanted, act: () => Promise<void>): Promise<Paint & Work> {
    await this.page.evaluate(([type, wanted]) => (window as any).paints.arm(type, wanted), [type, wanted] as const);
    const before = await this.busy();
    await act();
    const paint: Paint = await this.page.evaluate(() => (window as any).paints.last);
    await this.page.waitForTimeout(BREATH);
    return { ...paint, busy: (await this.busy()) - before };
  }

  /** Loads the page anew; milliseconds until the first tasks are painted. */
  async start(): Promise<number> {
    await this.page.reload();
    return this.page.evaluate(() => (window as any).paints.started);
  }

  /** Turns the wheel as fast as people can, down and up again. */
  async scroll(): Promise<{ took: number[]; empty: number }> {
    await this.page.evaluate(() => {
      const { paints } = window as any;
      paints.stopFrames = paints.watchFrames();
    });
    const { width, height } = this.page.viewportSize()!;
    for (const yDistance of [-SCROLLED, SCROLLED]) {
      const at = { x: Math.round(width * 0.6), y: Math.round(height / 2) };
      await this.cdp.send('Input.synthesizeScrollGesture', { ...at, yDistance, speed: SPEED, gestureSourceType: 'mouse' });
    }
    return this.page.evaluate(() => (window as any).paints.stopFrames());
  }

  /** Bytes in use, after everything that is not has been let go. */
  async memory(): Promise<{ heap: number; wasm: number }> {
    await this.cdp.send('HeapProfiler.collectGarbage');
    const heap = await this.metric('JSHeapUsedSize');
    const wasm = await this.page.evaluate(() => (window as any).paints.memory?.buffer.byteLength ?? 0);
    return { heap, wasm };
  }

  /** The longest time for which the main thread could answer nothing while `act` went on, in milliseconds. */
  async longestTask(act: () => Promise<void>): Promise<number> {
    const browser = this.page.context().browser()!;
    await browser.startTracing(this.page, { categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] });
    const mark = (name: string) => this.page.evaluate((name) => console.timeStamp(name), name);
    await mark(BEGIN);
    await act();
    await mark(END);
    const { traceEvents }: { traceEvents: TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString());
    const marked = (name: string) => traceEvents.find(({ args }) => args?.data?.message === name)!;
    const [begin, end] = [marked(BEGIN), marked(END)];
    const tasks = traceEvents.filter(
      ({ name, pid, tid, ts }) => name === 'RunTask' && pid === begin.pid && tid === begin.tid && ts > begin.ts && ts < end.ts,
    );
    return Math.max(...tasks.map(({ dur }) => (dur ?? 0) / 1_000));
  }

  private async busy(): Promise<number> {
    return (await this.metric('TaskDuration')) * 1_000;
  }

  private async metric(wanted: string): Promise<number> {
    const { metrics } = await this.cdp.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === wanted)!.value;
  }
}

const [BEGIN, END] = ['typing begins', 'typing ends'];
/** Pixels each way, and per second. */
const [SCROLLED, SPEED] = [20_000, 16_000];

type TraceEvent = { name: string; pid: number; tid: number; ts: number; dur?: number; args?: { data?: { message?: string } } };
