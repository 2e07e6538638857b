//! Which other models are worth offering, and what has to be known of each to use it rightly?
//!
//! A choice from the models that fastembed lists; a test holds address, file, dimension and pooling to that list. Licences,
//! lengths and prefixes are those of the models' own cards; what could not be verified is left out. Each is fetched in
//! full precision: the vectors of a quantised model depend on what else is in its batch.

use super::Pooling;

/// Longer texts than this are cut off by every model: feedback is short, and time grows with the square of the length.
pub const LONGEST: usize = 512;

/// A model that can be downloaded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offer {
    /// What commands name it by, and the folder that it is kept in.
    pub key: &'static str,
    pub title: &'static str,
    /// Owner and name on the hub.
    pub repository: &'static str,
    pub onnx: &'static str,
    /// Weights that lie apart, with paths as in the repository.
    pub external: &'static [&'static str],
    pub dimension: usize,
    /// In tokens.
    pub max_length: usize,
    pub pooling: Pooling,
    /// An SPDX identifier.
    pub licence: &'static str,
    pub languages: &'static str,
    /// What has to stand before each of two texts that are to be compared as equals.
    pub prefix: &'static str,
    /// About so much is fetched.
    pub bytes: u64,
}

/// What every model needs beside its ONNX file, with the names that they have in each repository.
pub const TOKENIZER_FILES: &[&str] =
    &["tokenizer.json", "config.json", "special_tokens_map.json", "tokenizer_config.json"];

impl Offer {
    pub fn named(key: &str) -> Option<&'static Self> {
        OFFERS.iter().find(|offer| offer.key == key)
    }

    /// Every file that is fetched, with its path in the repository; small ones first, so that what is wrong shows early.
    pub fn files(&self) -> impl Iterator<Item = &'static str> {
        TOKENIZER_FILES.iter().chain(self.external).copied().chain([self.onnx])
    }
}

const NOTHING: &str = "";
const ENGLISH: &str = "English";

const SMALL: Offer = Offer {
    key: "bge-small-en-v1.5",
    title: "BGE small 1.5",
    repository: "Xenova/bge-small-en-v1.5",
    onnx: "onnx/model.onnx",
    external: &[],
    dimension: 384,
    max_length: LONGEST,
    pooling: Pooling::Cls,
    licence: "MIT",
    languages: ENGLISH,
    prefix: NOTHING,
    bytes: 134_000_000,
};

/// Small ones first.
pub const OFFERS: &[Offer] = &[
    SMALL,
    Offer {
        key: "snowflake-arctic-embed-s",
        title: "Snowflake Arctic Embed small",
        repository: "snowflake/snowflake-arctic-embed-s",
        licence: "Apache-2.0",
        ..SMALL
    },
    Offer {
        key: "bge-base-en-v1.5",
        title: "BGE base 1.5",
        repository: "Xenova/bge-base-en-v1.5",
        dimension: 768,
        bytes: 437_000_000,
        ..SMALL
    },
    Offer {
        key: "nomic-embed-text-v1.5",
        title: "Nomic Embed Text 1.5",
        repository: "nomic-ai/nomic-embed-text-v1.5",
        dimension: 768,
        pooling: Pooling::Mean,
        licence: "Apache-2.0",
        // One of the four tasks that its card names; the others are for questions and their answers.
        prefix: "clustering: ",
        bytes: 548_000_000,
        ..SMALL
    },
    Offer {
        key: "mxbai-embed-large-v1",
        title: "Mixedbread Embed large",
        repository: "mixedbread-ai/mxbai-embed-large-v1",
        dimension: 1024,
        licence: "Apache-2.0",
        bytes: 1_337_000_000,
        ..SMALL
    },
    Offer {
        key: "paraphrase-multilingual-MiniLM-L12-v2",
        title: "Paraphrase Multilingual MiniLM",
        repository: "Xenova/paraphrase-multilingual-MiniLM-L12-v2",
        max_length: 128,
        pooling: Pooling::Mean,
        licence: "Apache-2.0",
        languages: "some 50 languages",
        bytes: 488_000_000,
        ..SMALL
    },
    Offer {
        key: "multilingual-e5-small",
        title: "Multilingual E5 small",
        repository: "intfloat/multilingual-e5-small",
        pooling: Pooling::Mean,
        languages: "some 100 languages",
        prefix: "query: ",
        bytes: 488_000_000,
        ..SMALL
    },
    Offer {
        key: "multilingual-e5-base",
        title: "Multilingual E5 base",
        repository: "intfloat/multilingual-e5-base",
        dimension: 768,
        pooling: Pooling::Mean,
        languages: "some 100 languages",
        prefix: "query: ",
        bytes: 1_130_000_000,
        ..SMALL
    },
    Offer {
        key: "multilingual-e5-large",
        title: "Multilingual E5 large",
        repository: "Qdrant/multilingual-e5-large-onnx",
        onnx: "model.onnx",
        external: &["model.onnx_data"],
        dimension: 1024,
        pooling: Pooling::Mean,
        languages: "some 100 languages",
        prefix: "query: ",
        bytes: 2_260_000_000,
        ..SMALL
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fastembed::TextEmbedding;

    use super::*;

    #[test]
    fn every_offer_is_as_fastembed_lists_it() {
        let listed = TextEmbedding::list_supported_models();
        for offer in OFFERS {
            let model = listed
                .iter()
                .find(|model| model.model_code == offer.repository && model.model_file == offer.onnx)
                .unwrap_or_else(|| panic!("fastembed does not list {} with {}", offer.repository, offer.onnx));
            assert_eq!(model.dim, offer.dimension, "{}", offer.key);
            let additional: Vec<&str> = model.additional_files.iter().map(String::as_str).collect();
            assert_eq!(additional, offer.external, "{}", offer.key);
            let pooling = match TextEmbedding::get_default_pooling_method(&model.model) {
                Some(fastembed::Pooling::Mean) => Some(Pooling::Mean),
                Some(fastembed::Pooling::Cls) => Some(Pooling::Cls),
                None => None,
            };
            assert_eq!(pooling, Some(offer.pooling), "{}", offer.key);
            let quantised = TextEmbedding::get_quantization_mode(&model.model);
            assert_eq!(quantised, fastembed::QuantizationMode::None, "{}", offer.key);
            assert!(offer.max_length <= LONGEST && offer.bytes > 100_000_000, "{}", offer.key);
            assert!(["MIT", "Apache-2.0"].contains(&offer.licence), "{}", offer.key);
        }
        let keys: BTreeSet<&str> = OFFERS.iter().map(|offer| offer.key).collect();
        assert_eq!(keys.len(), OFFERS.len());
        assert!(!keys.contains("all-MiniLM-L6-v2"), "that is the one on board");
    }
}
