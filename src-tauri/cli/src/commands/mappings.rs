use hearback_app::ingest;
use hearback_domain::error::{Error, Result};
use hearback_wire::MappingProfile;

use crate::{
    arguments::Cli,
    output::{self, Table},
};

pub fn mappings(cli: &Cli, remove: Option<&str>) -> Result<()> {
    let workspace = if remove.is_some() { cli.changing()? } else { cli.existing()? };
    if let Some(name) = remove {
        let profiles = workspace.mapping_profiles()?;
        let found = profiles
            .iter()
            .find(|profile| profile.name == name)
            .ok_or_else(|| Error::not_found(format!("there is no saved mapping {name:?}")))?;
        workspace.remove_mapping_profile(&found.fingerprint)?;
    }
    let profiles = workspace.mapping_profiles()?;
    if cli.json {
        let profiles: Vec<MappingProfile> = profiles.into_iter().map(MappingProfile::from).collect();
        return output::json(&profiles);
    }
    let mut table = Table::new(&["name", "columns", "mapping", "used"]);
    for profile in &profiles {
        table.row([
            profile.name.clone(),
            profile.columns.len().to_string(),
            profile.mapping.clone(),
            profile.used_at.to_string(),
        ]);
    }
    table.print();
    Ok(())
}

pub fn formats(cli: &Cli) -> Result<()> {
    if cli.json {
        let formats: Vec<_> = ingest::FORMATS
            .iter()
            .map(|format| serde_json::json!({ "name": format.name(), "title": format.title() }))
            .collect();
        return output::json(&formats);
    }
    let mut table = Table::new(&["name", "format"]);
    for format in ingest::FORMATS {
        table.row([format.name().to_owned(), format.title().to_owned()]);
    }
    table.print();
    Ok(())
}
