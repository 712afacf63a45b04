//! Options that contain secrets, which are never read, written or printed.

/// What the name of such an option has in it. The query of user mappings and servers has the same
/// list.
pub const PARTS: [&str; 7] =
    ["password", "passwd", "passphrase", "secret", "token", "credential", "api_key"];

/// Whether an option of a server or user mapping holds a secret, by its name: `password` of
/// postgres_fdw, `api_key` and its kin of others.
#[must_use]
pub fn is_secret(option: &str) -> bool {
    let option = option.to_ascii_lowercase();
    PARTS.iter().any(|it| option.contains(it))
}

/// What the names of variables hold that stand for secrets.
const SECRET_NAMES: [&str; 6] = ["pass", "pw", "secret", "token", "key", "cred"];

/// Whether a variable is named like a secret.
#[must_use]
pub fn names_secret(variable: &str) -> bool {
    let name = variable.to_lowercase();
    SECRET_NAMES.iter().any(|it| name.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_has_the_same_list() {
        let query = include_str!("../../../../src/catalog/queries/database_wide.sql");
        let list = format!("'{}'", PARTS.join("|"));
        assert_eq!(query.matches(&list).count(), 2, "{list}");
    }

    #[test]
    fn names_tell() {
        assert!(
            is_secret("password") && is_secret("aws_secret_access_key") && is_secret("API_KEY")
        );
        assert!(!is_secret("user") && !is_secret("host") && !is_secret("key_column"));
    }
}
