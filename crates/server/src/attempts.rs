//! How often somebody may try to sign in, or make an account.
//!
//! For passwords there are three buckets, because an attacker could avoid each of them alone:
//!
//! | counts | so that |
//! |---|---|
//! | the address | one machine cannot try one password on every account |
//! | the account, for all strangers together | a thousand machines cannot try a thousand passwords on one account |
//! | the account on one known device | strangers who empty the bucket above do not lock the owner out |
//!
//! A fourth one counts refresh tokens that do not exist, by address: each of them is a question to the store's writer.
//!
//! A known device is one that has signed in to this account before (see [`crate::auth::KnownDevice`]). Only wrong
//! passwords count: an attempt is taken before the password is checked, and given back if the password is right. An
//! account that does not exist is limited like any other, because the bucket is found by the email that was typed.

use std::net::IpAddr;
use std::time::Duration;

use tokio::time::Instant;

use crate::config::Limits;
use crate::rate::{Limiter, Rate};

/// This machine's own address is that of everybody who develops and tests on it, and that of a proxy that is not
/// configured.
const LOOPBACK_ACCOUNTS: u32 = 20;

#[derive(Debug)]
pub(crate) struct Attempts {
    addresses: Limiter<IpAddr>,
    accounts: Limiter<String>,
    devices: Limiter<(String, [u8; 16])>,
    unknown_tokens: Limiter<IpAddr>,
    new_accounts: Limiter<IpAddr>,
    new_accounts_here: Limiter<IpAddr>,
}

/// An attempt that was taken.
#[derive(Debug)]
pub(crate) struct Attempt {
    address: IpAddr,
    email: String,
    device: Option<[u8; 16]>,
}

impl Attempts {
    pub(crate) fn new(limits: &Limits) -> Self {
        let here = Rate {
            burst: limits.accounts.burst.saturating_mul(LOOPBACK_ACCOUNTS),
            every: limits.accounts.every / LOOPBACK_ACCOUNTS,
        };
        Self {
            addresses: Limiter::new(limits.sign_ins_per_address, limits.rate_keys),
            accounts: Limiter::new(limits.sign_ins, limits.rate_keys),
            devices: Limiter::new(limits.sign_ins_per_device, limits.rate_keys),
            unknown_tokens: Limiter::new(limits.unknown_tokens, limits.rate_keys),
            new_accounts: Limiter::new(limits.accounts, limits.rate_keys),
            new_accounts_here: Limiter::new(here, limits.rate_keys),
        }
    }

    /// Takes an attempt to sign in; or says how long until there is one. `device` is known to this account.
    pub(crate) fn sign_in(
        &self,
        address: IpAddr,
        email: &str,
        device: Option<[u8; 16]>,
        now: Instant,
    ) -> Result<Attempt, Duration> {
        let email = email.to_owned();
        match device {
            // The address does not count here, because the person may share it with an attacker.
            Some(device) => self.devices.take((email.clone(), device), now)?,
            None => {
                self.addresses.take(address, now)?;
                self.accounts.take(email.clone(), now)?;
            }
        }
        Ok(Attempt {
            address,
            email,
            device,
        })
    }

    /// Gives an attempt back: the password was right, or was not checked.
    pub(crate) fn give_back(&self, attempt: Attempt) {
        match attempt.device {
            Some(device) => self.devices.give_back(&(attempt.email, device)),
            None => {
                self.addresses.give_back(&attempt.address);
                self.accounts.give_back(&attempt.email);
            }
        }
    }

    /// Takes an attempt to use a refresh token; or says how long until there is one.
    pub(crate) fn refresh(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        self.unknown_tokens.take(address, now)
    }

    /// Gives it back, because the token was known.
    pub(crate) fn was_known(&self, address: IpAddr) {
        self.unknown_tokens.give_back(&address);
    }

    /// Takes an attempt to make an account; or says how long until there is one.
    pub(crate) fn new_account(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        match address.is_loopback() || address == network_of_loopback() {
            true => self.new_accounts_here.take(address, now),
            false => self.new_accounts.take(address, now),
        }
    }
}

/// The /64 of `::1`, because limits count an IPv6 address by its /64.
fn network_of_loopback() -> IpAddr {
    crate::proxies::network(std::net::Ipv6Addr::LOCALHOST.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICE: Option<[u8; 16]> = Some([1; 16]);

    fn from(n: u32) -> IpAddr {
        IpAddr::V4(n.to_be_bytes().into())
    }

    #[test]
    fn wrong_passwords_from_changing_addresses_are_refused_and_the_owner_gets_in() {
        let attempts = Attempts::new(&Limits::default());
        let start = Instant::now();
        let mut let_in = 0;
        for n in 0..607 {
            let now = start + Duration::from_millis(50) * n;
            let_in += u32::from(attempts.sign_in(from(n), "ada@example.org", None, now).is_ok());
            let owner = attempts.sign_in(from(9), "ada@example.org", DEVICE, now);
            attempts.give_back(owner.unwrap());
        }
        assert!((10..=12).contains(&let_in), "{let_in}");
        let now = start + Duration::from_secs(31);
        assert!(attempts.sign_in(from(1), "bob@example.org", None, now).is_ok());
    }

    #[test]
    fn a_stolen_device_is_limited_too() {
        let attempts = Attempts::new(&Limits::default());
        let now = Instant::now();
        let tried = (0..100).filter(|n| attempts.sign_in(from(*n), "ada@example.org", DEVICE, now).is_ok());
        assert_eq!(tried.count(), 10);
    }

    #[test]
    fn one_address_cannot_try_every_account() {
        let attempts = Attempts::new(&Limits::default());
        let now = Instant::now();
        let tried = (0..607).filter(|n| {
            attempts
                .sign_in(from(1), &format!("{n}@example.org"), None, now)
                .is_ok()
        });
        assert_eq!(tried.count(), 60);
    }

    #[test]
    fn right_passwords_do_not_count() {
        let attempts = Attempts::new(&Limits::default());
        let now = Instant::now();
        for _ in 0..1_000 {
            let attempt = attempts.sign_in(from(1), "ada@example.org", None, now).unwrap();
            attempts.give_back(attempt);
        }
    }

    #[test]
    fn new_accounts_are_limited_also_on_this_machine() {
        let attempts = Attempts::new(&Limits::default());
        let now = Instant::now();
        let made = |address: IpAddr| {
            (0..10_000)
                .filter(|_| attempts.new_account(address, now).is_ok())
                .count()
        };
        assert_eq!(made(from(1)), 10);
        assert_eq!(made([127, 0, 0, 1].into()), 200);
        assert_eq!(made(network_of_loopback()), 200);
    }
}
