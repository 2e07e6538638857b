//! What may be asked of embedding models?

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum ModelAction {
    /// The models of this machine and this workspace, and those that can be downloaded
    List,
    /// Fetch a model of the list from the hub (huggingface.co, or what HF_ENDPOINT names): the one command that uses the
    /// network
    Download {
        key: String,
        /// Agree to what is fetched from where, how large, under which licence; without it, this is told and nothing fetched
        #[arg(long)]
        yes: bool,
    },
    /// Copy the model in a folder (ONNX, tokenizer.json, config.json, 1_Pooling/config.json), after it was tried
    Add { folder: PathBuf },
    /// Remove a downloaded or added model from this machine; its vectors stay in the workspaces
    Remove { key: String },
    /// Use a model for this workspace from now on; what was embedded with it before is there at once
    Choose { key: String },
    /// Remove the vectors of a model from this workspace
    Forget { key: String },
}
