//! The one algorithm that `jsonwebtoken` may sign and verify with here: Ed25519, by ring.
//!
//! To `jsonwebtoken` a key is bytes. Here the bytes of a key that signs are its seed, and those of a key that verifies
//! are the public key.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use signature::{Signer, Verifier};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Installs it as the process's provider. If one is installed already, by an earlier call or by another library,
/// that one stays.
pub(super) fn install() {
    if PROVIDER.install_default().is_err() {
        tracing::debug!("a provider for tokens is in place");
    }
}

/// The public key that belongs to a seed. None if ring refuses the seed, which it does only for one of another length.
pub(super) fn public_key(seed: &[u8; 32]) -> Option<[u8; 32]> {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).ok()?;
    pair.public_key().as_ref().try_into().ok()
}

struct Signing(Ed25519KeyPair);

struct Verifying(UnparsedPublicKey<Vec<u8>>);

fn is_ours(algorithm: Algorithm) -> Result<(), Error> {
    match algorithm == Algorithm::EdDSA {
        true => Ok(()),
        false => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    is_ours(*algorithm)?;
    let pair = Ed25519KeyPair::from_seed_unchecked(key.as_bytes());
    Ok(Box::new(Signing(pair.map_err(|_| ErrorKind::InvalidKeyFormat)?)))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    is_ours(*algorithm)?;
    let public = key.try_get_as_bytes()?.to_vec();
    Ok(Box::new(Verifying(UnparsedPublicKey::new(&ED25519, public))))
}

impl Signer<Vec<u8>> for Signing {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self.0.sign(message).as_ref().to_vec())
    }
}

impl Verifier<Vec<u8>> for Verifying {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let verified = self.0.verify(message, signature);
        verified.map_err(|_| signature::Error::new())
    }
}

impl JwtSigner for Signing {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

impl JwtVerifier for Verifying {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    /// The key, the message and the signature of RFC 8037, appendix A.
    #[test]
    fn the_example_of_the_standard() {
        install();
        let seed: [u8; 32] = URL_SAFE_NO_PAD
            .decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
            .unwrap()
            .try_into()
            .unwrap();
        let public = public_key(&seed).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(public),
            "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
        );
        let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature =
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        let signed = jsonwebtoken::crypto::sign(message, &EncodingKey::from_ed_der(&seed), Algorithm::EdDSA);
        assert_eq!(signed.unwrap(), signature);
        let verify = |signature: &str, algorithm| {
            jsonwebtoken::crypto::verify(signature, message, &DecodingKey::from_ed_der(&public), algorithm)
        };
        assert!(verify(signature, Algorithm::EdDSA).unwrap());
        assert!(!verify(&signature.replace('h', "i"), Algorithm::EdDSA).unwrap());
        assert!(verify(signature, Algorithm::HS256).is_err());
    }
}
