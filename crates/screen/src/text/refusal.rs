//! What the server refuses, by its codes, in words of the app's language. The server's own messages are English, and for
//! programmers.

use tsugi_sync::protocol::RefusalCode;
use tsugi_words::phrases;

/// Why the server refused a request about an account. `reason` says more of a request that is `invalid`.
#[must_use]
pub fn of_request(status: u16, code: &str, reason: &str) -> String {
    let words = match (code, reason) {
        ("wrong_credentials", _) => phrases::wrong_credentials(),
        ("email_taken", _) => phrases::email_taken(),
        ("workspace_taken", _) => phrases::workspace_taken(),
        ("rate_limited", _) => phrases::too_many_attempts(),
        ("busy" | "draining" | "not_ready" | "timed_out", _) => phrases::server_busy(),
        ("unauthenticated" | "session_expired" | "session_revoked", _) => phrases::signed_out_by_server(),
        ("invalid", "email") => phrases::email_needed(),
        ("invalid", "password_length") => phrases::password_rule(),
        ("invalid", "password_common") => phrases::password_common(),
        _ => return phrases::server_error(&status.to_string()),
    };
    words.to_owned()
}

/// Why the server refused an edit. None for a code from a later version.
#[must_use]
pub fn of_edit(code: &RefusalCode) -> Option<&'static str> {
    Some(match code {
        RefusalCode::Invalid => phrases::edit_invalid(),
        RefusalCode::UnknownEntity => phrases::edit_of_unknown(),
        RefusalCode::SeqReused | RefusalCode::WrongKind => phrases::edit_crossed(),
        RefusalCode::Forbidden => phrases::edit_forbidden(),
        RefusalCode::QuotaExceeded => phrases::edit_over_quota(),
        RefusalCode::Other(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsugi_words::phrases::Language;

    #[test]
    fn a_refusal_is_told_in_the_language_of_the_app() {
        phrases::speak(Language::Ja);
        assert_eq!(
            of_request(401, "wrong_credentials", ""),
            "メールアドレスまたはパスワードが正しくありません。"
        );
        let codes = [
            "wrong_credentials",
            "email_taken",
            "workspace_taken",
            "rate_limited",
            "busy",
            "session_expired",
        ];
        let reasons = ["email", "password_length", "password_common"].map(|reason| ("invalid", reason));
        let all = codes.map(|code| (code, "")).into_iter().chain(reasons);
        for (code, reason) in all {
            let words = of_request(400, code, reason);
            assert!(
                !words.is_ascii() && !words.contains("400"),
                "{code} {reason}: {words}"
            );
        }
        assert!(of_request(418, "teapot", "").contains("418"));
        for code in RefusalCode::ALL {
            assert!(of_edit(code).is_some_and(|words| !words.is_ascii()), "{code:?}");
        }
    }
}
