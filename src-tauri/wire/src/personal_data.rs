//! What becomes of addresses of people.

use crate::{mirror_enum, string_enum, wire_type};
use hearback_app::ingest;

string_enum! {
    pub enum Treatment { Keep, Drop, Hash }
}

wire_type! {
    /// What an import does with addresses of people in fields that are known to hold them.
    pub struct PersonalData {
        pub email: Treatment,
        pub ip: Treatment,
    }
}

mirror_enum! {
    Treatment = ingest::privacy::Treatment { Keep, Drop, Hash }
}

impl Default for PersonalData {
    /// As the engine's: addresses that tell people apart become pseudonyms, others go.
    fn default() -> Self {
        Self { email: Treatment::Hash, ip: Treatment::Drop }
    }
}
