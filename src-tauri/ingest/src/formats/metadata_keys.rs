//! What users put among their own metadata, under the names that nearly all of them choose.
//!
//! No tracing tool has a field for the user's role, few have one for environment or release. Names are compared
//! without case and separators: `user_role`, `userRole` and `User-Role` are one.

use hearback_domain::record::Metadata;

pub(super) const SESSION: &[&str] = &["session_id", "thread_id", "conversation_id"];
pub(super) const USER: &[&str] = &["user_id"];
pub(super) const USER_ROLE: &[&str] = &["user_role", "role", "plan"];
pub(super) const ENVIRONMENT: &[&str] =
    &["environment", "env", "deployment_environment", "deployment.environment.name"];
pub(super) const RELEASE: &[&str] = &["release", "app_version", "service_version"];
pub(super) const MODEL_VERSION: &[&str] = &["model_version"];
pub(super) const PROMPT_NAME: &[&str] = &["prompt_name"];
pub(super) const PROMPT_VERSION: &[&str] = &["prompt_version"];

/// Takes out the first of `names` that has a value.
pub(super) fn take(metadata: &mut Metadata, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        let key = if metadata.contains_key(*name) {
            (*name).to_owned()
        } else {
            metadata.keys().find(|key| same(key, name))?.clone()
        };
        metadata.remove(&key).filter(|text| !text.trim().is_empty())
    })
}

fn same(one: &str, other: &str) -> bool {
    fn plain(name: &str) -> impl Iterator<Item = char> + '_ {
        name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase)
    }
    plain(one).eq(plain(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_in_any_spelling() {
        for key in ["user_role", "userRole", "User-Role"] {
            let mut metadata = Metadata::from([(key.to_owned(), "pro".to_owned()), ("x".into(), "y".into())]);
            assert_eq!(take(&mut metadata, USER_ROLE).as_deref(), Some("pro"), "{key}");
            assert_eq!(metadata.len(), 1);
        }
        let mut metadata = Metadata::from([("Env".to_owned(), " ".to_owned()), ("environments".into(), "y".into())]);
        assert_eq!(take(&mut metadata, ENVIRONMENT), None);
    }
}
