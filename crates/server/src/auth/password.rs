//! Passwords: Argon2id at OWASP's minimum, in a pool with a bounded queue, because one hash costs tens of milliseconds of
//! a core and 19 MiB.

use std::sync::Arc;

use argon2::password_hash::phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::password_rules::{forms, normal};
use crate::secret::{Password, PasswordHash};

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

#[derive(Debug)]
pub(crate) struct Passwords {
    /// One place for each hash that is being made, and for each request that waits for one.
    places: Semaphore,
    workers: Arc<Semaphore>,
}

#[derive(Debug)]
pub(crate) enum PasswordError {
    /// Too many are waiting.
    Busy,
    Failed,
}

impl Passwords {
    pub(crate) fn new(workers: usize, queue: usize) -> Self {
        Self {
            places: Semaphore::new(workers.max(1) + queue),
            workers: Arc::new(Semaphore::new(workers.max(1))),
        }
    }

    pub(crate) async fn hash(&self, password: Password) -> Result<PasswordHash, PasswordError> {
        self.work(move || {
            let password = normal(&password);
            let hash = argon2().ok()?.hash_password(password.0.as_bytes());
            hash.ok()
                .map(|hash: phc::PasswordHash| PasswordHash(hash.to_string()))
        })
        .await?
        .ok_or(PasswordError::Failed)
    }

    /// Whether the password belongs to the hash. Without a hash this takes just as long and answers no, so that the
    /// time does not tell whether an account exists.
    pub(crate) async fn verify(
        &self,
        password: Password,
        hash: Option<PasswordHash>,
    ) -> Result<bool, PasswordError> {
        self.work(move || {
            let argon2 = argon2().ok()?;
            let hash = match &hash {
                Some(hash) => Some(phc::PasswordHash::new(&hash.0).ok()?),
                None => None,
            };
            for form in forms(&password) {
                match &hash {
                    Some(hash) if argon2.verify_password(form.0.as_bytes(), hash).is_ok() => {
                        return Some(true);
                    }
                    Some(_) => {}
                    None => {
                        let mut nowhere = [0; 32];
                        argon2
                            .hash_password_into(form.0.as_bytes(), b"nobody's salt...", &mut nowhere)
                            .ok()?;
                    }
                }
            }
            Some(false)
        })
        .await?
        .ok_or(PasswordError::Failed)
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Option<T> + Send + 'static,
    ) -> Result<Option<T>, PasswordError> {
        let _place = self.places.try_acquire().map_err(|_| PasswordError::Busy)?;
        let worker = Arc::clone(&self.workers)
            .acquire_owned()
            .await
            .map_err(|_| PasswordError::Failed)?;
        let working = tokio::task::spawn_blocking(move || {
            // Held here, because the work goes on and needs its place even if the request is gone.
            let _worker = worker;
            work()
        });
        working.await.map_err(|_| PasswordError::Failed)
    }
}

fn argon2() -> Result<Argon2<'static>, argon2::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password(text.into())
    }

    #[tokio::test]
    async fn a_hash_is_of_its_password() {
        let passwords = Passwords::new(1, 1);
        let hash = passwords.hash(password("correct horse")).await.unwrap();
        assert!(
            hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{}",
            hash.0
        );
        assert!(
            passwords
                .verify(password("correct horse"), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify(password("wrong horse"), Some(hash))
                .await
                .unwrap()
        );
        assert!(!passwords.verify(password("correct horse"), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_password_is_the_same_however_the_keyboard_writes_it() {
        let passwords = Passwords::new(1, 1);
        let (composed, decomposed) = (
            password("caf\u{e9} au lait"),
            password("cafe\u{301}\u{3000}au lait"),
        );
        let hash = passwords.hash(decomposed.clone()).await.unwrap();
        // An earlier version hashed passwords exactly as they came.
        let as_it_came = |text: &str| {
            let hash: phc::PasswordHash = argon2().unwrap().hash_password(text.as_bytes()).unwrap();
            PasswordHash(hash.to_string())
        };
        for hash in [
            hash,
            as_it_came("caf\u{e9} au lait"),
            as_it_came("cafe\u{301} au lait"),
        ] {
            assert!(
                passwords
                    .verify(composed.clone(), Some(hash.clone()))
                    .await
                    .unwrap()
            );
            assert!(
                !passwords
                    .verify(password("cafe au lait"), Some(hash))
                    .await
                    .unwrap()
            );
        }
        let old = as_it_came(&decomposed.0);
        assert!(passwords.verify(decomposed, Some(old)).await.unwrap());
    }

    #[tokio::test]
    async fn who_finds_no_place_hears_so_at_once() {
        let passwords = Passwords::new(1, 0);
        let _place = passwords.places.acquire().await.unwrap();
        let refused = passwords.hash(password("correct horse")).await;
        assert!(matches!(refused, Err(PasswordError::Busy)));
    }
}
