//! The fleet on virtual time: devices, the server, and a network between them. The network delays and loses frames,
//! cuts connections, and delivers late what an old connection had sent.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::sync::atomic::{AtomicBool, Ordering};

use tsugi_sync::ids::Timestamp;
use tsugi_sync::protocol::{Down, Token, Up};
use tsugi_sync::session::{Input, Output, Phase, Received, TokenError};

use crate::device::{Device, Net, Written};
use crate::plan::{Moment, Plan};
use crate::random::Random;
use crate::server::{ConnectionId, News, Server};

/// Whether what each device does is written to the standard error.
pub static TRACE: AtomicBool = AtomicBool::new(false);

#[expect(clippy::print_stderr, reason = "it is asked for")]
fn trace(now: Timestamp, device: &str, output: &Output) {
    match output {
        Output::WakeAt(_) | Output::Notify | Output::Transmit(Up::Ping) => {}
        Output::Authenticate | Output::Open(_) | Output::Transmit(_) | Output::Close | Output::Persist(_) => {
            eprintln!("{now} {device}: {output:?}")
        }
    }
}

#[derive(Debug)]
enum Event {
    Token(usize),
    Opened(usize, ConnectionId),
    Up(usize, ConnectionId, Up),
    Down(usize, ConnectionId, Down),
    Closed(usize, ConnectionId),
    Gone(ConnectionId),
    Timer(usize),
    News(News),
    /// The token of a connection ends, unless it was renewed.
    Expires(ConnectionId),
}

/// The most events in a run. Some runs have ten thousand. More than this is a storm.
const EVENTS: u64 = 150_000;
/// The longest outbox that people in a run can fill. If it becomes longer, mutations are making mutations.
pub const OUTBOX: usize = 1_000;
/// The usual delay of a frame: half of this, plus up to as much again, in milliseconds.
pub const USUAL_DELAY_MS: u64 = 20;
/// Milliseconds after which a device gives up a request that hangs.
const HANGS_MS: u64 = 8_000;

#[derive(Debug)]
pub struct Fleet {
    pub now: Timestamp,
    pub server: Server,
    pub devices: Vec<Device>,
    pub lose_news: bool,
    pub counts: BTreeMap<&'static str, u64>,
    /// Events that are still allowed.
    pub allowed: u64,
    queue: BinaryHeap<Reverse<(Timestamp, u64)>>,
    events: BTreeMap<u64, Event>,
    serial: u64,
    random: Random,
    /// Whether every frame takes exactly its delay, and a token is there whenever a device asks for it.
    is_steady: bool,
    /// The messages that arrived at the server of a steady fleet.
    pub heard: Vec<(Timestamp, Up)>,
    /// When the last frame of a connection arrives, for each direction: frames do not overtake each other.
    arrivals: BTreeMap<(ConnectionId, bool), Timestamp>,
    /// The connections that have lost a frame to the network, with its direction. No later frame comes through, because
    /// a connection delivers in order, or ends.
    broken: BTreeSet<(ConnectionId, bool)>,
}

impl Fleet {
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let as_text = plan.seed.is_multiple_of(32);
        let devices = 0..usize::from(plan.devices);
        let mut fleet = Self {
            now: Timestamp(1_700_000_000_000),
            server: Server::new(usize::from(plan.instances), plan.token_life),
            devices: devices
                .map(|n| Device::new(n, usize::from(plan.tabs), as_text))
                .collect(),
            lose_news: false,
            allowed: EVENTS,
            counts: BTreeMap::new(),
            queue: BinaryHeap::new(),
            events: BTreeMap::new(),
            serial: 0,
            random: Random::new(!plan.seed),
            is_steady: false,
            heard: Vec::new(),
            arrivals: BTreeMap::new(),
            broken: BTreeSet::new(),
        };
        for device in 0..fleet.devices.len() {
            fleet.input(device, Input::Start);
        }
        fleet
    }

    /// Devices with one tab each, and one server, on a steady network. This is for scenarios that are told step by
    /// step.
    #[must_use]
    pub fn steady(devices: u8) -> Self {
        let plan = Plan {
            seed: 0,
            devices,
            tabs: 1,
            instances: 1,
            token_life: 3_600_000,
            mutations: 0,
            steps: Vec::new(),
        };
        Self {
            is_steady: true,
            ..Self::new(&plan)
        }
    }

    pub fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// Lets time pass.
    pub fn run(&mut self, milliseconds: u64) {
        let end = self.now.plus(milliseconds);
        while let Some(Reverse((at, serial))) = self.queue.peek().copied()
            && at <= end
            && self.allowed > 0
        {
            self.allowed -= 1;
            self.queue.pop();
            self.now = self.now.max(at);
            if let Some(event) = self.events.remove(&serial) {
                self.happen(event);
            }
        }
        self.now = end;
    }

    fn later(&mut self, milliseconds: u64, event: Event) {
        self.at(self.now.plus(milliseconds), event);
    }

    fn at(&mut self, at: Timestamp, event: Event) {
        self.serial += 1;
        self.queue.push(Reverse((at, self.serial)));
        self.events.insert(self.serial, event);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Token(device) => {
                let token = match self.devices[device].net {
                    // Some devices have a token that still holds.
                    Net::Up | Net::NoUp | Net::NoDown => self.devices[device].token,
                    Net::Cut | Net::Silent if !self.is_steady && self.random.once_in(2) => {
                        Err(TokenError::Unreachable)
                    }
                    Net::Cut | Net::Silent => self.devices[device].token,
                };
                self.input(device, Input::Token(token.map(|()| Token("secret".into()))));
            }
            Event::Opened(device, id) if self.comes_down(device, id) => self.input(device, Input::Opened),
            Event::Down(device, id, frame) if self.comes_down(device, id) => {
                self.input(device, Input::Frame(Ok(frame)));
            }
            Event::Closed(device, id) if self.devices[device].connection == Some(id) => {
                self.devices[device].connection = None;
                self.input(device, Input::Closed);
            }
            Event::Opened(..) | Event::Down(..) | Event::Closed(..) => {}
            Event::Up(device, id, frame) => {
                if self.devices[device].connection != Some(id) {
                    self.count("late frame of an old connection");
                }
                if matches!(frame, Up::Hello(_) | Up::Auth { .. }) {
                    self.later(self.server.token_life, Event::Expires(id));
                }
                if self.is_steady {
                    self.heard.push((self.now, frame.clone()));
                }
                // A connection always goes to the same instance.
                let instance = id as usize % self.server.instances;
                let answer = self.server.take(self.now, instance, id, frame);
                for (to, down) in answer.frames {
                    self.send_down(to, down);
                }
                if let Some(news) = answer.news.filter(|_| self.server.instances > 1) {
                    let instance = 1 - news.instance;
                    let lost = self.lose_news && self.random.once_in(2);
                    match lost {
                        true => self.count("news lost on the bus"),
                        false => {
                            let delay = self.random.below(100);
                            self.later(delay, Event::News(News { instance, ..news }));
                        }
                    }
                }
            }
            Event::Gone(id) => self.server.close(id),
            Event::Expires(id) => {
                if self.server.is_expired(self.now, id) {
                    self.turn_down(id);
                }
            }
            Event::Timer(device) => {
                if self.devices[device].wake.is_some_and(|at| at <= self.now) {
                    self.devices[device].wake = None;
                    self.devices[device].woken += 1;
                    self.input(device, Input::Timer);
                }
            }
            Event::News(news) => {
                for (to, down) in self.server.hear(self.now, news) {
                    self.send_down(to, down);
                }
            }
        }
    }

    fn comes_down(&mut self, device: usize, id: ConnectionId) -> bool {
        let device = &self.devices[device];
        let passes = matches!(device.net, Net::Up | Net::NoUp);
        device.connection == Some(id) && self.comes_through(id, false, passes)
    }

    /// Whether a frame comes through. `passes` says whether the network lets it pass.
    fn comes_through(&mut self, id: ConnectionId, up: bool, passes: bool) -> bool {
        if !passes {
            self.broken.insert((id, up));
        }
        !self.broken.contains(&(id, up))
    }

    pub fn send_down(&mut self, id: ConnectionId, down: Down) {
        let Some(device) = self
            .devices
            .iter()
            .position(|device| device.connection == Some(id))
        else {
            return;
        };
        // A connection delivers in order, or ends. Only frames that a lagging mailbox may leave out can be missing.
        let may_be_left_out = matches!(down, Down::Delta(_) | Down::Pong { .. });
        if may_be_left_out && self.is_lost(device) {
            return self.count("frame down lost");
        }
        if let Down::Error(error) = &down
            && error.code.close_code().is_some()
        {
            self.later(60, Event::Closed(device, id));
        }
        let down = match self.devices[device].as_text {
            true => Down::parse(&down.to_frame()).expect("the server sends only messages"),
            false => down,
        };
        let at = self.arrival(device, id, false);
        if may_be_left_out && self.devices[device].duplicates && self.random.once_in(4) {
            self.count("frame down twice");
            // The copy comes after other frames. So what was read from the store overlaps what was sent.
            let again = at.plus(self.random.below(400));
            self.at(again, Event::Down(device, id, down.clone()));
        }
        self.at(at, Event::Down(device, id, down));
    }

    fn arrival(&mut self, device: usize, id: ConnectionId, up: bool) -> Timestamp {
        let usual = self.devices[device].delay;
        let delay = match self.is_steady {
            true => usual,
            false => usual / 2 + self.random.below(usual),
        };
        let last = self.arrivals.entry((id, up)).or_default();
        *last = self.now.plus(delay).max(*last);
        *last
    }

    fn is_lost(&mut self, device: usize) -> bool {
        let loss = self.devices[device].loss;
        loss > 0 && self.random.once_in(loss)
    }

    /// Gives a device an input, and carries out its outputs.
    pub fn input(&mut self, index: usize, input: Input) {
        let device = &mut self.devices[index];
        device
            .session
            .handle(self.now, input, &device.tabs[device.leader]);
        while let Some(output) = self.devices[index].session.poll_output() {
            if TRACE.load(Ordering::Relaxed) {
                trace(self.now, &self.devices[index].name, &output);
            }
            match output {
                Output::Authenticate => {
                    let hangs = self.devices[index].net == Net::Silent;
                    self.later(if hangs { HANGS_MS } else { 5 }, Event::Token(index));
                }
                Output::Open(_) => self.open(index),
                Output::Transmit(up) => self.send_up(index, up),
                Output::Close => self.hang_up(index),
                Output::Persist(received) => {
                    let Some(answer) = self.persist(index, received) else {
                        return self.crash(index);
                    };
                    let device = &mut self.devices[index];
                    device
                        .session
                        .handle(self.now, answer, &device.tabs[device.leader]);
                }
                Output::WakeAt(at) => {
                    self.devices[index].wake = Some(at);
                    self.at(at.max(self.now), Event::Timer(index));
                }
                Output::Notify => {}
            }
        }
    }

    /// Makes received data durable. None if the device crashed meanwhile.
    fn persist(&mut self, index: usize, received: Received) -> Option<Input> {
        let device = &mut self.devices[index];
        let crash = device.crash;
        if crash == Some(Moment::Before) {
            device.crash = None;
            self.count("crash before a persist");
            return None;
        }
        match device.take_in(received) {
            Written::Durable if crash == Some(Moment::After) => {
                device.crash = None;
                self.count("crash after a persist");
                None
            }
            // If mutations make mutations, the outbox doubles with every answer. This is proof enough.
            Written::Durable if self.devices[index].replica().outbox().len() > OUTBOX => {
                self.allowed = 0;
                Some(Input::Persisted)
            }
            Written::Durable => Some(Input::Persisted),
            Written::Torn => {
                self.count("crash in the middle of a transaction");
                None
            }
            Written::Full => {
                self.count("answer not saved: no room on the device");
                Some(Input::Closed)
            }
        }
    }

    fn open(&mut self, index: usize) {
        self.serial += 1;
        let id = self.serial;
        self.devices[index].connection = Some(id);
        self.devices[index].opened.push(self.now);
        match self.devices[index].net {
            Net::Up | Net::NoUp | Net::NoDown => self.later(20, Event::Opened(index, id)),
            Net::Cut => self.later(20, Event::Closed(index, id)),
            Net::Silent => {}
        }
    }

    fn send_up(&mut self, index: usize, up: Up) {
        // Frames that a closed connection has sent may still arrive. Frames that the device never sent may not.
        let lost = matches!(up, Up::Push(_) | Up::Ping | Up::Pull { .. }) && self.is_lost(index);
        let device = &self.devices[index];
        let passes = matches!(device.net, Net::Up | Net::NoDown);
        let Some(id) = device.connection.filter(|_| !lost) else {
            return;
        };
        if !self.comes_through(id, true, passes) {
            return;
        }
        let device = &self.devices[index];
        let up = match device.as_text {
            true => Up::parse(&up.to_frame()).expect("a replica sends only messages"),
            false => up,
        };
        let twice = device.duplicates && matches!(up, Up::Push(_)) && self.random.once_in(4);
        let at = self.arrival(index, id, true);
        if twice {
            self.count("push twice");
            self.at(at.plus(3), Event::Up(index, id, up.clone()));
        }
        self.at(at, Event::Up(index, id, up));
    }

    fn hang_up(&mut self, index: usize) {
        if let Some(id) = self.devices[index].connection.take() {
            let delay = self.devices[index].delay + self.random.below(500);
            self.later(delay, Event::Gone(id));
        }
    }

    /// Packs the device's log. If the device crashes meanwhile, nothing changes.
    pub fn compact(&mut self, index: usize) {
        if self.devices[index].crash == Some(Moment::Torn) {
            self.count("crash while the log was packed");
            self.devices[index].crash = None;
            return self.crash(index);
        }
        self.count("log packed");
        self.devices[index].compact();
    }

    /// The server ends a connection, because its token does not hold any more.
    fn turn_down(&mut self, id: ConnectionId) {
        if let Some(down) = self.server.turn_down(id) {
            self.send_down(id, down);
        }
    }

    pub fn expire_token(&mut self, index: usize) {
        if let Some(id) = self.devices[index].connection {
            self.turn_down(id);
        }
    }

    /// The device loses its memory, and starts again.
    pub fn crash(&mut self, index: usize) {
        self.hang_up(index);
        let seed = self.random.draw();
        self.devices[index].crash(seed);
        self.input(index, Input::Start);
    }

    pub fn cut(&mut self, index: usize) {
        self.devices[index].net = Net::Cut;
        if let Some(id) = self.devices[index].connection {
            self.later(0, Event::Closed(index, id));
            self.later(700, Event::Gone(id));
        }
    }

    /// Connections that the server has lost. Their devices learn of it, if the network lets them.
    pub fn severed(&mut self, connections: Vec<ConnectionId>) {
        for id in connections {
            if let Some(device) = self
                .devices
                .iter()
                .position(|device| device.connection == Some(id))
            {
                self.later(10, Event::Closed(device, id));
            }
        }
    }

    /// The network is whole again, and the system says so.
    pub fn heal(&mut self, index: usize) {
        let device = &mut self.devices[index];
        device.net = Net::Up;
        device.delay = USUAL_DELAY_MS;
        device.loss = 0;
        device.duplicates = false;
        self.input(index, Input::Probe);
    }

    /// Whether nothing is left to do: every replica is live and at the head, and nothing waits.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        let head = self.server.store.head().revision;
        self.devices.iter().all(|device| {
            let replica = device.replica();
            device.session.phase() == Phase::Live && replica.outbox().is_empty() && replica.cursor() == head
        })
    }
}
