//! Access tokens: JWTs that are short-lived, signed with Ed25519, and checked without asking the store.
//!
//! Anybody who has the published keys can check a token; only this server's secret makes one. A token names its key
//! (`kid`). One that names no key, or a key that is not around now, or another algorithm than `EdDSA`, is refused before
//! anything is computed.

use std::fmt;
use std::time::Duration;

use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use tsugi_sync::ids::{Timestamp, UserId};
use uuid::Uuid;

use super::crypto;
use super::signing_keys::{PublicKey, SigningKeys};
use super::verified::Verified;
use crate::keyring::Keys;

const ALGORITHM: Algorithm = Algorithm::EdDSA;
const ISSUER: &str = "tsugi";
const AUDIENCE: &str = "tsugi-sync";

/// How far the clock at signing may be ahead of the clock at checking. Both are this server's own, at different
/// times.
const LEEWAY_MS: u64 = 60_000;

/// Whom a token is for, and for how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claims {
    sub: Uuid,
    sid: Uuid,
    /// In seconds, as the standard has it, and so is the next one.
    iat: u64,
    exp: u64,
}

/// The content of a token. Strictly typed: a token whose end is not a whole number is refused.
#[derive(Serialize, Deserialize)]
struct Content {
    sub: Uuid,
    sid: Uuid,
    iat: u64,
    exp: u64,
    iss: String,
    aud: String,
}

/// What the key of this number has signed.
#[derive(Clone, Copy, Debug)]
struct Signed {
    claims: Claims,
    key: u64,
}

impl Claims {
    pub(crate) fn user(&self) -> UserId {
        UserId(self.sub)
    }

    pub(crate) fn sign_in(&self) -> Uuid {
        self.sid
    }

    pub(crate) fn expires(&self) -> Timestamp {
        Timestamp(self.exp.saturating_mul(1_000))
    }
}

/// The token is forged, malformed or has ended. The caller is not told which of these it is.
#[derive(Debug)]
pub(crate) struct InvalidToken;

pub(crate) struct AccessTokens {
    keys: SigningKeys,
    validation: Validation,
    lifetime: Duration,
    verified: Verified<Signed>,
}

impl fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessTokens(…)")
    }
}

impl AccessTokens {
    /// The keys that sign are derived from `roots`, a new one each `period`. A period is never shorter than a token
    /// lasts, because only the keys of neighbouring periods are accepted.
    pub(crate) fn new(roots: Keys, period: Duration, lifetime: Duration) -> Self {
        crypto::install();
        let mut validation = Validation::new(ALGORITHM);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The expiry is checked below, by the server's clock and on the typed claim.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            keys: SigningKeys::new(roots, period.max(lifetime)),
            validation,
            lifetime,
            verified: Verified::new(),
        }
    }

    pub(crate) fn lifetime_ms(&self) -> u64 {
        u64::try_from(self.lifetime.as_millis()).unwrap_or(u64::MAX)
    }

    /// The public keys with which others can check our tokens, now and in the next period.
    pub(crate) fn published(&self, now: Timestamp) -> Vec<PublicKey> {
        self.keys.published(now)
    }

    pub(crate) fn issue(&self, user: UserId, sign_in: Uuid, now: Timestamp) -> Option<String> {
        let claims = Claims {
            sub: user.0,
            sid: sign_in,
            iat: now.0 / 1_000,
            exp: now.plus(self.lifetime_ms()).0.div_ceil(1_000),
        };
        let content = Content {
            sub: claims.sub,
            sid: claims.sid,
            iat: claims.iat,
            exp: claims.exp,
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
        };
        let key = self.keys.current(now)?;
        let mut header = Header::new(ALGORITHM);
        header.kid = Some(key.name);
        let token = encode(&header, &content, &key.signing)
            .map_err(|error| tracing::error!(%error, "a token could not be signed"))
            .ok()?;
        let key = key.number;
        self.verified.add(&token, Signed { claims, key });
        Some(token)
    }

    pub(crate) fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, InvalidToken> {
        let Signed { mut claims, key } = match self.verified.find(token) {
            Some(signed) => signed,
            None => {
                let signed = self.signed(token, now)?;
                self.verified.add(token, signed);
                signed
            }
        };
        // Whatever the token says, it lasts no longer than a token that is signed now.
        claims.exp = claims
            .exp
            .min(claims.iat.saturating_add(self.lifetime_ms().div_ceil(1_000) + 1));
        // If a token was signed by a clock that was ahead of ours, it is not valid before that time comes.
        let begins = Timestamp(claims.iat.saturating_mul(1_000));
        let is_now = claims.expires() > now && begins <= now.plus(LEEWAY_MS);
        match is_now && self.keys.is_of(key, begins) {
            true => Ok(claims),
            false => Err(InvalidToken),
        }
    }

    /// The content of a token, if one of our keys has signed it.
    fn signed(&self, token: &str, now: Timestamp) -> Result<Signed, InvalidToken> {
        let header = decode_header(token).map_err(|_| InvalidToken)?;
        let name = header
            .kid
            .filter(|_| header.alg == ALGORITHM)
            .ok_or(InvalidToken)?;
        let key = self.keys.find(&name, now).ok_or(InvalidToken)?;
        let decoded = decode::<Content>(token, &key.verifying, &self.validation);
        let Content {
            sub, sid, iat, exp, ..
        } = decoded.map_err(|_| InvalidToken)?.claims;
        let claims = Claims { sub, sid, iat, exp };
        let key = key.number;
        Ok(Signed { claims, key })
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use ring::hmac;
    use serde_json::{Value, json};

    use super::super::signing_keys::SigningKey;
    use super::*;
    use crate::secret::Key;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);
    const DAY_MS: u64 = 24 * 3_600_000;
    const PERIOD: Duration = Duration::from_secs(30 * 24 * 3_600);

    fn tokens() -> AccessTokens {
        with_roots(7, None)
    }

    fn with_roots(current: u8, previous: Option<u8>) -> AccessTokens {
        let key = |byte| Key([byte; 32]);
        let roots = Keys {
            current: key(current),
            previous: previous.map(key),
        };
        AccessTokens::new(roots, PERIOD, Duration::from_secs(600))
    }

    fn issue(tokens: &AccessTokens, now: Timestamp) -> String {
        tokens.issue(UserId(Uuid::nil()), Uuid::nil(), now).unwrap()
    }

    fn claims() -> Value {
        json!({ "sub": Uuid::nil(), "sid": Uuid::nil(), "iat": 1_700_000_000, "exp": 1_700_000_600_u64,
                "iss": ISSUER, "aud": AUDIENCE })
    }

    fn now_signs() -> SigningKey {
        tokens().keys.current(NOW).unwrap()
    }

    /// Signed as ours are, whatever is claimed.
    fn sign(claims: &Value) -> String {
        let key = now_signs();
        let mut header = Header::new(ALGORITHM);
        header.kid = Some(key.name);
        encode(&header, claims, &key.signing).unwrap()
    }

    fn is_good(token: &str) -> bool {
        tokens().verify(token, NOW).is_ok()
    }

    /// A token of these parts; `sign` gets what is to be signed.
    fn by_hand(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
        let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let message = format!("{header}.{claims}");
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(sign(message.as_bytes())))
    }

    fn hs256(key: &[u8]) -> impl Fn(&[u8]) -> Vec<u8> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        move |message| hmac::sign(&key, message).as_ref().to_vec()
    }

    #[test]
    fn a_token_is_good_until_its_end() {
        let tokens = tokens();
        let token = issue(&tokens, NOW);
        assert!(tokens.verify(&token, NOW).is_ok());
        assert!(tokens.verify(&token, NOW.plus(599_999)).is_ok());
        assert!(tokens.verify(&token, NOW.plus(600_000)).is_err());
        assert!(with_roots(8, None).verify(&token, NOW).is_err());
    }

    #[test]
    fn a_token_that_is_remembered_ends_like_any_other() {
        // One server has signed it, and another one has not seen it before.
        for tokens in [tokens(), tokens()] {
            let token = issue(&tokens, NOW);
            let others = self::tokens();
            for now in [NOW, NOW.plus(599_999)] {
                assert!(tokens.verify(&token, now).is_ok() && others.verify(&token, now).is_ok());
            }
            for now in [NOW.plus(600_000), Timestamp(NOW.0 - 60_001)] {
                assert!(tokens.verify(&token, now).is_err() && others.verify(&token, now).is_err());
            }
            let (start, _) = token.rsplit_once('.').unwrap();
            assert!(tokens.verify(start, NOW).is_err() && tokens.verify(&format!("{start}."), NOW).is_err());
        }
    }

    #[test]
    fn a_token_outlives_the_change_of_keys() {
        let tokens = tokens();
        let period_ms = u64::try_from(PERIOD.as_millis()).unwrap();
        let change = Timestamp(NOW.0 / period_ms * period_ms);
        let before = issue(&tokens, Timestamp(change.0 - 1));
        let after = issue(&tokens, change);
        for now in [Timestamp(change.0 - 1), change, change.plus(500_000)] {
            assert!(tokens.verify(&before, now).is_ok(), "{now:?}");
            assert!(tokens.verify(&after, now).is_ok(), "{now:?}");
        }
        assert!(tokens.verify(&before, change.plus(600_001)).is_err());
    }

    #[test]
    fn the_key_of_another_time_is_of_no_use_now() {
        let tokens = tokens();
        for other in [NOW.plus(30 * DAY_MS), Timestamp(NOW.0 - 30 * DAY_MS)] {
            let key = tokens.keys.current(other).unwrap();
            let mut header = Header::new(ALGORITHM);
            header.kid = Some(key.name);
            let token = encode(&header, &claims(), &key.signing).unwrap();
            assert!(tokens.verify(&token, NOW).is_err());
        }
        assert!(tokens.verify(&sign(&claims()), NOW).is_ok());
    }

    #[test]
    fn tokens_of_the_secret_before_are_good_as_long_as_it_is_accepted() {
        let token = issue(&tokens(), NOW);
        assert!(with_roots(8, Some(7)).verify(&token, NOW).is_ok());
        assert!(with_roots(8, None).verify(&token, NOW).is_err());
        let new = issue(&with_roots(8, Some(7)), NOW);
        assert!(tokens().verify(&new, NOW).is_err());
        assert!(
            with_roots(7, Some(8)).verify(&new, NOW).is_ok(),
            "an instance that still signs with the old one"
        );
    }

    #[test]
    fn a_token_of_a_clock_that_was_ahead_is_not_good_for_as_long() {
        let tokens = tokens();
        let from = |ahead: u64| issue(&tokens, NOW.plus(ahead));
        assert!(tokens.verify(&from(365 * DAY_MS), NOW).is_err());
        assert!(tokens.verify(&from(365 * DAY_MS), NOW.plus(365 * DAY_MS)).is_ok());
        assert!(tokens.verify(&from(61_000), NOW).is_err());
        assert!(tokens.verify(&from(60_000), NOW).is_ok());
        assert!(tokens.verify(&from(999), NOW).is_ok());
    }

    #[test]
    fn no_token_lasts_longer_than_ours_do() {
        let ends = |iat: u64, exp: u64| {
            let mut claims = claims();
            (claims["iat"], claims["exp"]) = (json!(iat), json!(exp));
            tokens().verify(&sign(&claims), NOW).ok().map(|claims| claims.exp)
        };
        let began = NOW.0 / 1_000;
        assert_eq!(ends(began, began + 600), Some(began + 600));
        assert_eq!(ends(began, began + 365 * 86_400), Some(began + 601));
        assert_eq!(ends(began - 602, began + 365 * 86_400), None);
        assert_eq!(ends(began - 602, began + 1), None);
        assert_eq!(ends(began + 50, began + 40), Some(began + 40));
        assert_eq!(ends(0, u64::MAX), None);
        assert_eq!(ends(u64::MAX, u64::MAX), None);
        let mut without = claims();
        without.as_object_mut().unwrap().remove("iat");
        assert!(!is_good(&sign(&without)));
    }

    #[test]
    fn what_is_malformed_is_refused() {
        assert!(is_good(&sign(&claims())));
        for (claim, value) in [
            ("exp", json!("1700000600")),
            ("exp", json!(1_700_000_600.5)),
            ("exp", json!(-1)),
            ("exp", Value::Null),
            ("sub", json!("me")),
            ("iss", json!("other")),
            ("aud", json!("other")),
            ("aud", json!(["other"])),
        ] {
            let mut claims = claims();
            claims[claim] = value;
            assert!(!is_good(&sign(&claims)), "{claim}: {claims}");
        }
        for text in ["", ".", "..", "a.b.c", "eyJhbGciOiJub25lIn0.e30."] {
            assert!(!is_good(text), "{text}");
        }
    }

    #[test]
    fn no_other_algorithm_and_no_other_key_will_do() {
        let key = now_signs();
        let published = serde_json::to_value(tokens().published(NOW)).unwrap();
        let x = published[0]["x"].as_str().unwrap();
        let public = URL_SAFE_NO_PAD.decode(x).unwrap();
        let kid = json!(key.name);
        let none = |_: &[u8]| Vec::new();
        for alg in ["none", "None", "NONE"] {
            let header = json!({ "alg": alg, "typ": "JWT", "kid": kid });
            assert!(!is_good(&by_hand(&header, &claims(), none)), "{alg}");
        }
        // The public key as the secret of HMAC: as bytes, as they are published, and the secret itself.
        for secret in [&public[..], x.as_bytes(), &[7; 32]] {
            for header in [
                json!({ "alg": "HS256", "typ": "JWT", "kid": kid }),
                json!({ "alg": "EdDSA", "typ": "JWT", "kid": kid }),
                json!({ "alg": "HS256", "typ": "JWT" }),
            ] {
                assert!(!is_good(&by_hand(&header, &claims(), hs256(secret))), "{header}");
            }
        }
        // A signature that is right under a name that is not: none, unknown, and one of no other place.
        let signing = ring::signature::Ed25519KeyPair::from_seed_unchecked(key.signing.as_bytes()).unwrap();
        let right = |message: &[u8]| signing.sign(message).as_ref().to_vec();
        let with = |header: Value| is_good(&by_hand(&header, &claims(), right));
        assert!(with(json!({ "alg": "EdDSA", "kid": kid })));
        assert!(!with(json!({ "alg": "EdDSA" })));
        assert!(!with(json!({ "alg": "EdDSA", "kid": "" })));
        assert!(!with(json!({ "alg": "EdDSA", "kid": "../secret" })));
        assert!(!with(json!({ "alg": "EdDSA", "kid": published[1]["kid"] })));
        assert!(!with(json!({ "alg": "EdDSA", "kid": kid, "crit": ["exp"] })));
        // The header's own key is not looked at.
        assert!(!with(json!({ "alg": "EdDSA", "jwk": published[0] })));
        assert!(!with(json!({ "alg": "ES256", "kid": kid })));
        let token = sign(&claims());
        let (start, signature) = token.rsplit_once('.').unwrap();
        assert!(!is_good(&format!("{start}.")));
        assert!(!is_good(&format!("{start}.{}", signature.to_lowercase())));
    }
}
