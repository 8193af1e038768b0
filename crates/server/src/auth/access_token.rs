//! Access tokens: short-lived, signed, and checked without asking the store.

use std::fmt;
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use tsugi_sync::ids::{Timestamp, UserId};
use uuid::Uuid;

use super::crypto;

const ISSUER: &str = "tsugi";
const AUDIENCE: &str = "tsugi-sync";

/// How far the clock at signing may be ahead of the clock at checking. Both are this server's own, at different
/// times.
const LEEWAY_MS: u64 = 60_000;

/// The content of a token. Strictly typed: a token whose end is not a whole number is refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    sub: Uuid,
    sid: Uuid,
    iat: u64,
    /// In seconds, as the standard has it.
    exp: u64,
    iss: String,
    aud: String,
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
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
    lifetime: Duration,
}

impl fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessTokens(…)")
    }
}

impl AccessTokens {
    pub(crate) fn new(key: &[u8; 32], lifetime: Duration) -> Self {
        crypto::install();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The expiry is checked below, by the server's clock and on the typed claim.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            signing: EncodingKey::from_secret(key),
            verifying: DecodingKey::from_secret(key),
            validation,
            lifetime,
        }
    }

    pub(crate) fn lifetime_ms(&self) -> u64 {
        u64::try_from(self.lifetime.as_millis()).unwrap_or(u64::MAX)
    }

    pub(crate) fn issue(&self, user: UserId, sign_in: Uuid, now: Timestamp) -> Option<String> {
        let claims = Claims {
            sub: user.0,
            sid: sign_in,
            iat: now.0 / 1_000,
            exp: now.plus(self.lifetime_ms()).0.div_ceil(1_000),
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
        };
        let token = encode(&Header::new(Algorithm::HS256), &claims, &self.signing);
        token
            .map_err(|error| tracing::error!(%error, "a token could not be signed"))
            .ok()
    }

    pub(crate) fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, InvalidToken> {
        let mut claims = decode::<Claims>(token, &self.verifying, &self.validation)
            .map_err(|_| InvalidToken)?
            .claims;
        // Whatever the token says, it lasts no longer than a token that is signed now.
        claims.exp = claims
            .exp
            .min(claims.iat.saturating_add(self.lifetime_ms().div_ceil(1_000) + 1));
        // If a token was signed by a clock that was ahead of ours, it is not valid before that time comes.
        let begins = Timestamp(claims.iat.saturating_mul(1_000));
        match claims.expires() > now && begins <= now.plus(LEEWAY_MS) {
            true => Ok(claims),
            false => Err(InvalidToken),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const KEY: [u8; 32] = [7; 32];
    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn tokens() -> AccessTokens {
        AccessTokens::new(&KEY, Duration::from_secs(600))
    }

    fn claims() -> Value {
        json!({ "sub": Uuid::nil(), "sid": Uuid::nil(), "iat": 1_700_000_000, "exp": 1_700_000_600_u64,
                "iss": ISSUER, "aud": AUDIENCE })
    }

    fn verify(claims: &Value, algorithm: Algorithm, key: &[u8]) -> bool {
        let tokens = tokens();
        // This server has no other algorithm to sign such a token with, so there is nothing to test.
        let Ok(token) = encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(key)) else {
            return false;
        };
        tokens.verify(&token, NOW).is_ok()
    }

    #[test]
    fn a_token_is_good_until_its_end() {
        let tokens = tokens();
        let token = tokens.issue(UserId(Uuid::nil()), Uuid::nil(), NOW).unwrap();
        assert!(tokens.verify(&token, NOW).is_ok());
        assert!(tokens.verify(&token, NOW.plus(599_999)).is_ok());
        assert!(tokens.verify(&token, NOW.plus(600_000)).is_err());
        let other = AccessTokens::new(&[8; 32], Duration::from_secs(600));
        assert!(other.verify(&token, NOW).is_err());
    }

    #[test]
    fn a_token_of_a_clock_that_was_ahead_is_not_good_for_as_long() {
        let tokens = tokens();
        const YEAR_MS: u64 = 365 * 24 * 3_600_000;
        let from = |ahead: u64| {
            tokens
                .issue(UserId(Uuid::nil()), Uuid::nil(), NOW.plus(ahead))
                .unwrap()
        };
        assert!(tokens.verify(&from(YEAR_MS), NOW).is_err());
        assert!(tokens.verify(&from(YEAR_MS), NOW.plus(YEAR_MS)).is_ok());
        assert!(tokens.verify(&from(61_000), NOW).is_err());
        assert!(tokens.verify(&from(60_000), NOW).is_ok());
        assert!(tokens.verify(&from(999), NOW).is_ok());
    }

    #[test]
    fn no_token_lasts_longer_than_ours_do() {
        let ends = |iat: u64, exp: u64| {
            let mut claims = claims();
            (claims["iat"], claims["exp"]) = (json!(iat), json!(exp));
            let token = encode(
                &Header::new(Algorithm::HS256),
                &claims,
                &EncodingKey::from_secret(&KEY),
            )
            .unwrap();
            tokens().verify(&token, NOW).ok().map(|claims| claims.exp)
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
        assert!(!verify(&without, Algorithm::HS256, &KEY));
    }

    #[test]
    fn what_is_malformed_is_refused() {
        tokens();
        assert!(verify(&claims(), Algorithm::HS256, &KEY));
        assert!(!verify(&claims(), Algorithm::HS384, &KEY));
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
            assert!(!verify(&claims, Algorithm::HS256, &KEY), "{claim}: {claims}");
        }
        for text in ["", ".", "..", "a.b.c", "eyJhbGciOiJub25lIn0.e30."] {
            assert!(tokens().verify(text, NOW).is_err(), "{text}");
        }
    }
}
