//! The help of each command.

pub(crate) const TOP: &str = "\
Every chore of Tsugi. On a fresh machine with Rust (rustup), git and Node, each command first gets what it needs.

Usage: cargo xtask <command> [options]

Commands:
  run     build the app and its sync server, and serve both on one loopback port
  test    run every test
  sim     run fleets of replicas against a server on virtual time over a bad network
  bench   measure what ships, and print it
  dev     run a development server, to stand beside `trunk serve`
  build   build the web app into dist/ and print what it weighs
  tidy    check how the code lies: layers, sizes, what is written once
  setup   only get what the other commands need

`cargo xtask <command> --help` explains each.

Environment:
  TSUGI_TOOLS        where pinned tools are kept (default: ~/.cache/tsugi/tools)
  CARGO_TARGET_DIR   where cargo builds (default: as cargo is configured)";

pub(crate) const RUN: &str = "\
Builds the app and its sync server and serves both from one port, with the data in an embedded database.

Usage: cargo xtask run [--port N] [--data DIR]

Options:
  --port N     loopback port (default: 8080; 0 for any free one)
  --data DIR   where the data is kept (default: ./data)

The server prints one line with its address when it is ready. Ctrl-C or SIGTERM stops it in good order.";

pub(crate) const TEST: &str = "\
Runs every test, stopping at the first failure: formatting, how the code lies, clippy, the tests of core, server and tools, the simulator,
the tests of a client in JavaScript that is written from docs/protocol.md alone, the app's tests in headless Chromium and
Firefox, the end-to-end tests with Playwright, and the main paths in Chromium, Firefox and WebKit.

Usage: cargo xtask test [--only GROUP,…]

Options:
  --only GROUP,…   only these: fmt, tidy, clippy, unit, sim, client, browser, e2e, engines";

pub(crate) const SIM: &str = "\
Runs fleets of replicas against a server on virtual time over a bad network, seeded, and checks what must hold.
docs/simulation.md says what is simulated, and how a failure is read.

Usage: cargo xtask sim [options]

Without options: every kept plan, 10,000 seeds, and the hunt for planted faults. `cargo xtask test` does the same.

Options:
  --seeds N [--from N]   so many seeds, from this one on
  --seed N               one seed; a failure is cut down and kept in crates/sim/plans
  --replay FILE          a kept plan
  --trace FILE           the same, saying what each device does
  --faults               plant each fault in turn, until it is found
  --workload             weeks of realistic people: how many of their concurrent edits need a hand";

pub(crate) const BENCH: &str = "\
Builds app and server as they ship, measures, and prints. docs/performance.md keeps the results.

Usage: cargo xtask bench [NAME …]
       cargo xtask bench server [options]

Benchmarks:
  server    writes, fan-out, memory, bytes and processor time of the server, beside peers in Node (tests/peers)
  attack    how long others wait for the server while one account sends frames that are much work to read
  load      what a visit loads over a slow line, and when the first task is seen and the first key taken
  latency   from the key that commits a change on one device to the painted change on another
  wire      bytes and messages of a change, an idle hour and 100 rapid edits, as text, compact and deflated
  sync      how long 1,000 waiting edits take, and what a client that was away for a day loads
  ui        what a person feels, with 100 to 110,000 tasks, beside a list written by hand
  conflicts the panel of 500 open conflicts (TSUGI_CONFLICTS for another number)
  cut       5 minutes of connections that are cut after a random byte (TSUGI_CUT_MINUTES for another number)
  hour      50 hours of a power user, 160 gestures each, with reloads at random moments (TSUGI_HOURS for another number)

Options of `server`:
  --only ROW,…       only these: latency, writes, batch, fan-out, idle, cut, bootstrap, size
  --rounds N         each row so often on each server, in turns; the medians count (3)
  --quick            short and small, to see that all still runs
  --server \"ARGS\"    more arguments for our own server";

pub(crate) const DEV: &str = "\
Builds the server for development and runs it; `trunk serve` in another terminal builds the app, reloads the page when a
source changes, and passes /api on to this server. The line that lets a shell find the pinned Trunk is printed.

Usage: cargo xtask dev [--port N] [--data DIR]

Options:
  --port N     loopback port (default: 8081, where Trunk.toml expects it)
  --data DIR   where the data is kept (default: ./data)";

pub(crate) const BUILD: &str = "\
Builds the web app into dist/, optimises and compresses it, prints what it weighs, and fails over budget
(xtask/src/budget.rs). Does nothing when nothing has changed.

Usage: cargo xtask build";

pub(crate) const TIDY: &str = "\
Checks how the code lies, and fails at the first look when a rule is broken. `cargo xtask test` does the same. Layers,
limits and exceptions stand in one table, xtask/src/tidy/table.rs; whoever moves code changes the table with it.

Usage: cargo xtask tidy

Rules:";

pub(crate) const SETUP: &str = "\
Gets what the other commands need and is not there yet, in the versions pinned in xtask/src/pins.rs.

Usage: cargo xtask setup [--tests]

Options:
  --tests   also what only the tests need: browsers, their drivers, PostgreSQL, Redis, HAProxy, nginx,
            packages for Node. No service of the system is started";
