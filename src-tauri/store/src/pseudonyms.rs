//! Which key makes pseudonyms in this workspace?

use super::{Snapshot, Store, property, set_property};
use hearback_domain::error::{Error, Result};

const KEY: &str = "pseudonym_key";

impl Snapshot<'_> {
    /// The key, if there is one yet.
    pub fn pseudonym_key(&self) -> Result<Option<[u8; 32]>> {
        property(self.connection(), KEY)?.map(|text| bytes(&text)).transpose()
    }
}

impl Store {
    /// The key; the first call makes `fresh` it, which should be random.
    pub fn pseudonym_key_or(&self, fresh: [u8; 32]) -> Result<[u8; 32]> {
        if let Some(key) = self.snapshot()?.pseudonym_key()? {
            return Ok(key);
        }
        let text: String = fresh.iter().map(|byte| format!("{byte:02x}")).collect();
        self.write(|connection| set_property(connection, KEY, &text))?;
        Ok(fresh)
    }
}

fn bytes(text: &str) -> Result<[u8; 32]> {
    let damaged = || Error::workspace("the workspace's key for pseudonyms is damaged");
    let mut key = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return Err(damaged());
    }
    for (place, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * place..2 * place + 2], 16).map_err(|_| damaged())?;
    }
    Ok(key)
}
