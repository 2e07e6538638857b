//! Whose address is that, and does Hearback need it?
//!
//! Exports carry e-mail and IP addresses of users in fields of their own. Nothing that Hearback does needs them; to
//! see that two feedbacks are of one person a pseudonym is enough. So on import, values of known fields are dropped or
//! replaced by a keyed hash. Only known fields are touched, and only where their value is what the field's name
//! says: texts that people wrote stay as they are. [`crate::read`] asks for it, so that no sink can forget it.

use hearback_domain::{Record, record::Metadata};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    Keep,
    Drop,
    /// BLAKE3 with the workspace's key: the same address gives the same pseudonym in one workspace, and nobody without
    /// the key can try addresses out.
    Hash,
}

impl Treatment {
    pub const ALL: &'static [Self] = &[Self::Keep, Self::Drop, Self::Hash];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Drop => "drop",
            Self::Hash => "hash",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.word().eq_ignore_ascii_case(word))
    }
}

/// What happens to personal data on import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Privacy {
    pub email: Treatment,
    pub ip: Treatment,
    pub key: [u8; 32],
}

impl Privacy {
    /// Everything as it stands: where nothing is kept, as in measurements and tests.
    pub const KEEPS_ALL: Self = Self { email: Treatment::Keep, ip: Treatment::Keep, key: [0; 32] };

    /// E-mail addresses become pseudonyms, IP addresses go.
    pub fn new(key: [u8; 32]) -> Self {
        Self { email: Treatment::Hash, ip: Treatment::Drop, key }
    }

    pub fn apply(&self, record: &mut Record) {
        if self.email == Treatment::Keep && self.ip == Treatment::Keep {
            return;
        }
        match record {
            Record::Session(session) => {
                self.person(&mut session.user_id);
                self.metadata(&mut session.metadata);
            }
            Record::Turn(turn) => {
                self.person(&mut turn.user_id);
                self.metadata(&mut turn.metadata);
            }
            Record::Feedback(feedback) => {
                self.person(&mut feedback.user_id);
                self.metadata(&mut feedback.metadata);
            }
            Record::Vector(_) => {}
        }
    }

    fn person(&self, value: &mut Option<String>) {
        if let Some(text) = value.take() {
            *value = self.treated(text);
        }
    }

    fn metadata(&self, metadata: &mut Metadata) {
        let known: Vec<String> = metadata.keys().filter(|key| is_known(key)).cloned().collect();
        for key in known {
            if let Some(text) = metadata.remove(&key)
                && let Some(treated) = self.treated(text)
            {
                metadata.insert(key, treated);
            }
        }
    }

    /// An address by its treatment; anything else as it is.
    fn treated(&self, text: String) -> Option<String> {
        let (treatment, kind) = if is_email(&text) {
            (self.email, "email")
        } else if is_ip(&text) {
            (self.ip, "ip")
        } else {
            return Some(text);
        };
        match treatment {
            Treatment::Keep => Some(text),
            Treatment::Drop => None,
            Treatment::Hash => {
                let digest = blake3::keyed_hash(&self.key, text.trim().to_lowercase().as_bytes()).to_hex();
                Some(format!("{kind}-{}", &digest.as_str()[..16]))
            }
        }
    }
}

/// Names of fields that hold a person's address or name the person by it. The last part of a dotted path counts.
fn is_known(key: &str) -> bool {
    let last = key.rsplit(['.', '/']).next().unwrap_or(key);
    let plain: String = last.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_ascii_lowercase();
    matches!(
        plain.as_str(),
        "ip" | "ipaddress"
            | "ipaddr"
            | "clientip"
            | "remoteip"
            | "remoteaddr"
            | "remoteaddress"
            | "userip"
            | "xforwardedfor"
            | "xrealip"
            | "email"
            | "emailaddress"
            | "mail"
            | "useremail"
            | "authoremail"
            | "contactemail"
            | "requesteremail"
            | "useridentifier"
            | "user"
            | "userid"
            | "username"
            | "author"
            | "authorid"
            | "authorname"
            | "annotator"
            | "distinctid"
            | "requester"
            | "createdby"
            | "sender"
            | "from"
            | "login"
            | "account"
            | "person"
            | "customer"
            | "networkid"
    )
}

fn is_email(text: &str) -> bool {
    let text = text.trim();
    let Some((local, domain)) = text.split_once('@') else { return false };
    let plain =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@<>()[],;:\"".contains(c));
    plain(local) && plain(domain) && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
}

/// One address, or several as proxies list them.
fn is_ip(text: &str) -> bool {
    let mut parts = text.split(',').map(str::trim).peekable();
    parts.peek().is_some_and(|first| !first.is_empty()) && parts.all(|part| part.parse::<std::net::IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearback_domain::{FeedbackRecord, FeedbackType};

    fn treated(privacy: Privacy) -> FeedbackRecord {
        let mut feedback = FeedbackRecord::new("f", FeedbackType::Comment);
        feedback.user_id = Some("Ann.Lee@Example.org".into());
        feedback.comment = Some("write to ann@example.org from 10.0.0.1".into());
        feedback.metadata = [
            ("request.client_ip", "203.0.113.9"),
            ("x-forwarded-for", "203.0.113.9, 2001:db8::1"),
            ("author_email", "ann.lee@example.org"),
            ("ip", "strategy"),
            ("contact", "ann@example.org"),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
        let mut record = Record::Feedback(feedback);
        privacy.apply(&mut record);
        let Record::Feedback(feedback) = record else { unreachable!() };
        feedback
    }

    #[test]
    fn addresses_in_known_fields_go_and_nothing_else_does() {
        let feedback = treated(Privacy::new([7; 32]));
        assert_eq!(feedback.comment.as_deref(), Some("write to ann@example.org from 10.0.0.1"));
        let pseudonym = feedback.user_id.unwrap();
        assert!(pseudonym.starts_with("email-") && pseudonym.len() == 22, "{pseudonym}");
        assert_eq!(feedback.metadata["author_email"], pseudonym, "one person, one pseudonym");
        assert_eq!(feedback.metadata["ip"], "strategy", "that is no address");
        assert_eq!(feedback.metadata["contact"], "ann@example.org", "that field is not known to name a person");
        assert!(!feedback.metadata.contains_key("request.client_ip"));
        assert!(!feedback.metadata.contains_key("x-forwarded-for"));
    }

    #[test]
    fn another_workspace_gives_another_pseudonym_and_keeping_keeps() {
        assert_ne!(treated(Privacy::new([7; 32])).user_id, treated(Privacy::new([8; 32])).user_id);
        let keep = Privacy { email: Treatment::Keep, ip: Treatment::Keep, key: [7; 32] };
        assert_eq!(treated(keep).metadata["request.client_ip"], "203.0.113.9");
        let dropped = treated(Privacy { email: Treatment::Drop, ip: Treatment::Hash, key: [7; 32] });
        assert_eq!(dropped.user_id, None);
        assert!(dropped.metadata["request.client_ip"].starts_with("ip-"));
    }
}
