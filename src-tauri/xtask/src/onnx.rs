//! The maker publishes the model's weights as safetensors; ONNX Runtime wants a graph. How does the one become the other,
//! without a deep-learning framework on the user's machine?
//!
//! The encoder of BERT (Devlin et al. 2019, arXiv:1810.04805) is written out in plain ONNX operators with the weights as
//! initializers. Same weights, same bytes: nothing here depends on the machine or on the order of a map, so that the
//! result is pinned by digest like a download.

mod protobuf;
mod safetensors;

use serde_json::Value;

use protobuf::{Attribute, Graph, Message};
use safetensors::{Tensor, Weights};

/// ONNX IR version 10 with operator set 20, the first that has `Gelu`.
const IR_VERSION: u64 = 10;
const OPERATOR_SET: u64 = 20;
/// Added to the attention scores of padding: exp(-10 000) is zero in f32.
const MASKED: f32 = -10_000.0;

/// What `config.json` says of the encoder.
#[derive(Debug, Clone, PartialEq)]
struct Shape {
    layers: usize,
    heads: usize,
    /// Width of a token's vector.
    width: usize,
    epsilon: f32,
}

/// A BERT encoder as an ONNX model: `input_ids`, `attention_mask`, `token_type_ids` (int64, batch x tokens) in,
/// `last_hidden_state` (f32, batch x tokens x width) out. Errors are one sentence.
pub fn convert(safetensors: &[u8], config: &[u8]) -> Result<Vec<u8>, String> {
    let shape = Shape::read(config)?;
    let weights = Weights::read(safetensors)?;
    let mut encoder = Encoder { graph: Graph::default(), weights: &weights, shape: &shape };
    encoder.constants();
    let embedded = encoder.embeddings()?;
    encoder.mask();
    let mut hidden = embedded;
    for layer in 0..shape.layers {
        hidden = encoder.layer(layer, &hidden)?;
    }
    encoder.graph.node("Identity", &[&hidden], "last_hidden_state", &[]);
    Ok(model(encoder.graph, shape.width))
}

impl Shape {
    fn read(config: &[u8]) -> Result<Self, String> {
        let config: Value =
            serde_json::from_slice(config).map_err(|error| format!("config.json is not JSON: {error}"))?;
        let number = |key: &str| {
            let value = config[key].as_u64().and_then(|value| usize::try_from(value).ok());
            value.filter(|value| *value > 0).ok_or_else(|| format!("config.json has no `{key}`"))
        };
        if config["hidden_act"] != "gelu" {
            return Err(format!("the activation {} is not supported, only gelu is", config["hidden_act"]));
        }
        let shape = Self {
            layers: number("num_hidden_layers")?,
            heads: number("num_attention_heads")?,
            width: number("hidden_size")?,
            epsilon: config["layer_norm_eps"].as_f64().unwrap_or(1e-12) as f32,
        };
        if shape.width.is_multiple_of(shape.heads) {
            Ok(shape)
        } else {
            Err("the heads do not divide the width".to_owned())
        }
    }
}

/// Writes the graph from its input to its output; each method returns the name of the value it made.
struct Encoder<'a> {
    graph: Graph,
    weights: &'a Weights<'a>,
    shape: &'a Shape,
}

impl Encoder<'_> {
    fn constants(&mut self) {
        let (heads, width) = (self.shape.heads as i64, self.shape.width as i64);
        let graph = &mut self.graph;
        graph.integers("zero", &[0]);
        graph.integers("axes.mask", &[1, 2]);
        // Reshape reads 0 as "as it was": batch and tokens stay open.
        graph.integers("shape.heads", &[0, 0, heads, width / heads]);
        graph.integers("shape.merged", &[0, 0, width]);
        graph.scalar("one", 1.0);
        graph.scalar("masked", MASKED);
        graph.scalar("scale", 1.0 / ((width / heads) as f32).sqrt());
    }

    /// Word, position and token type, summed and normalised.
    fn embeddings(&mut self) -> Result<String, String> {
        for kind in ["word", "position", "token_type"] {
            let table = self.weights.tensor(&format!("embeddings.{kind}_embeddings.weight"))?;
            self.graph.tensor(&format!("embeddings.{kind}"), &table);
        }
        let graph = &mut self.graph;
        let one_dimension = [("start", Attribute::Int(1)), ("end", Attribute::Int(2))];
        graph.node("Shape", &["input_ids"], "tokens", &one_dimension);
        graph.node("Slice", &["embeddings.position", "zero", "tokens", "zero"], "position", &[]);
        graph.node("Gather", &["embeddings.word", "input_ids"], "word", &[]);
        graph.node("Gather", &["embeddings.token_type", "token_type_ids"], "token_type", &[]);
        graph.node("Add", &["word", "token_type"], "word_and_type", &[]);
        graph.node("Add", &["word_and_type", "position"], "embedded", &[]);
        self.normalise("embedded", "embeddings.LayerNorm", "embeddings.out")
    }

    /// 0 where a token is, [`MASKED`] where padding is, as batch x 1 x 1 x tokens.
    fn mask(&mut self) {
        let graph = &mut self.graph;
        graph.node("Cast", &["attention_mask"], "mask.float", &[("to", Attribute::Int(protobuf::FLOAT))]);
        graph.node("Unsqueeze", &["mask.float", "axes.mask"], "mask.wide", &[]);
        graph.node("Sub", &["one", "mask.wide"], "mask.padding", &[]);
        graph.node("Mul", &["mask.padding", "masked"], "mask", &[]);
    }

    fn layer(&mut self, index: usize, input: &str) -> Result<String, String> {
        let source = format!("encoder.layer.{index}");
        let name = |part: &str| format!("layer{index}.{part}");
        let attended = self.attention(&source, &name, input)?;
        let projected =
            self.linear(&attended, &format!("{source}.attention.output.dense"), &name("attention.dense"))?;
        let summed = self.graph.node("Add", &[&projected, input], &name("attention.sum"), &[]);
        let middle =
            self.normalise(&summed, &format!("{source}.attention.output.LayerNorm"), &name("attention.out"))?;

        let wide = self.linear(&middle, &format!("{source}.intermediate.dense"), &name("feed.wide"))?;
        let exact = [("approximate", Attribute::Text("none"))];
        let active = self.graph.node("Gelu", &[&wide], &name("feed.active"), &exact);
        let narrow = self.linear(&active, &format!("{source}.output.dense"), &name("feed.narrow"))?;
        let summed = self.graph.node("Add", &[&narrow, &middle], &name("feed.sum"), &[]);
        self.normalise(&summed, &format!("{source}.output.LayerNorm"), &name("out"))
    }

    /// softmax(Q K' / sqrt(width of a head) + mask) V, all heads at once.
    fn attention(&mut self, source: &str, name: &dyn Fn(&str) -> String, input: &str) -> Result<String, String> {
        let mut parts = Vec::new();
        // The key is transposed on the way, so that MatMul multiplies by K'.
        for (part, order) in [("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3])] {
            let dense = self.linear(input, &format!("{source}.attention.self.{part}"), &name(part))?;
            let split = self.graph.node("Reshape", &[&dense, "shape.heads"], &name(&format!("{part}.split")), &[]);
            let by_head = name(&format!("{part}.by_head"));
            parts.push(self.graph.node("Transpose", &[&split], &by_head, &[("perm", Attribute::Ints(&order))]));
        }
        let graph = &mut self.graph;
        let scores = graph.node("MatMul", &[&parts[0], &parts[1]], &name("scores"), &[]);
        let scaled = graph.node("Mul", &[&scores, "scale"], &name("scores.scaled"), &[]);
        let masked = graph.node("Add", &[&scaled, "mask"], &name("scores.masked"), &[]);
        let shares = graph.node("Softmax", &[&masked], &name("shares"), &[("axis", Attribute::Int(-1))]);
        let context = graph.node("MatMul", &[&shares, &parts[2]], &name("context"), &[]);
        let by_token = [("perm", Attribute::Ints(&[0, 2, 1, 3]))];
        let turned = graph.node("Transpose", &[&context], &name("context.by_token"), &by_token);
        Ok(graph.node("Reshape", &[&turned, "shape.merged"], &name("context.merged"), &[]))
    }

    /// x W' + b. The file has W as outputs x inputs, MatMul wants inputs x outputs.
    fn linear(&mut self, input: &str, source: &str, name: &str) -> Result<String, String> {
        let weight = self.weights.tensor(&format!("{source}.weight"))?.transposed()?;
        let bias = self.weights.tensor(&format!("{source}.bias"))?;
        let (weight_name, bias_name) = (format!("{name}.weight"), format!("{name}.bias"));
        self.graph.tensor(&weight_name, &weight);
        self.graph.tensor(&bias_name, &bias);
        let product = self.graph.node("MatMul", &[input, &weight_name], &format!("{name}.product"), &[]);
        Ok(self.graph.node("Add", &[&product, &bias_name], name, &[]))
    }

    fn normalise(&mut self, input: &str, source: &str, name: &str) -> Result<String, String> {
        let (scale_name, bias_name) = (format!("{name}.scale"), format!("{name}.bias"));
        self.graph.tensor(&scale_name, &self.weights.tensor(&format!("{source}.weight"))?);
        self.graph.tensor(&bias_name, &self.weights.tensor(&format!("{source}.bias"))?);
        let attributes = [("axis", Attribute::Int(-1)), ("epsilon", Attribute::Float(self.shape.epsilon))];
        Ok(self.graph.node("LayerNormalization", &[input, &scale_name, &bias_name], name, &attributes))
    }
}

/// `ModelProto` of onnx.proto3 around the graph.
fn model(mut graph: Graph, width: usize) -> Vec<u8> {
    for input in ["input_ids", "attention_mask", "token_type_ids"] {
        graph.input(input, protobuf::INT64, &[None, None]);
    }
    graph.output("last_hidden_state", protobuf::FLOAT, &[None, None, Some(width as u64)]);
    let mut operators = Message::default();
    operators.number(2, OPERATOR_SET);
    let mut model = Message::default();
    model.number(1, IR_VERSION);
    model.bytes(2, b"hearback");
    model.bytes(7, &graph.finish("bert").finish());
    model.bytes(8, &operators.finish());
    model.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &[u8] = br#"{"hidden_act":"gelu","num_hidden_layers":1,"num_attention_heads":1,"hidden_size":2}"#;

    /// A one-layer encoder of width 2 in safetensors, every tensor zero.
    fn tiny() -> Vec<u8> {
        let mut shapes = vec![
            ("embeddings.word_embeddings.weight".to_owned(), vec![5, 2]),
            ("embeddings.position_embeddings.weight".to_owned(), vec![4, 2]),
            ("embeddings.token_type_embeddings.weight".to_owned(), vec![2, 2]),
            ("embeddings.LayerNorm.weight".to_owned(), vec![2]),
            ("embeddings.LayerNorm.bias".to_owned(), vec![2]),
        ];
        for (part, shape) in [
            ("attention.self.query", vec![2, 2]),
            ("attention.self.key", vec![2, 2]),
            ("attention.self.value", vec![2, 2]),
            ("attention.output.dense", vec![2, 2]),
            ("attention.output.LayerNorm", vec![2]),
            ("intermediate.dense", vec![3, 2]),
            ("output.dense", vec![2, 3]),
            ("output.LayerNorm", vec![2]),
        ] {
            shapes.push((format!("encoder.layer.0.{part}.weight"), shape.clone()));
            shapes.push((format!("encoder.layer.0.{part}.bias"), vec![shape[0]]));
        }
        safetensors::tests::file(&shapes)
    }

    #[test]
    fn the_graph_has_the_operators_of_one_layer_and_the_same_bytes_each_time() {
        let once = convert(&tiny(), CONFIG).unwrap();
        assert_eq!(once, convert(&tiny(), CONFIG).unwrap());
        let count = |name: &str| {
            // NodeProto.op_type: field 4, wire type 2, then the length
            let pattern = [&[0x22, name.len() as u8], name.as_bytes()].concat();
            once.windows(pattern.len()).filter(|window| *window == pattern).count()
        };
        assert_eq!(count("MatMul"), 8); // four projections, scores, context, two of the feed-forward
        assert_eq!(count("LayerNormalization"), 3);
        assert_eq!(count("Softmax"), 1);
        assert_eq!(count("Gelu"), 1);
    }

    #[test]
    fn what_is_missing_or_not_supported_is_named() {
        let error = convert(&safetensors::tests::file(&[]), CONFIG).unwrap_err();
        assert_eq!(error, "the weights have no tensor `embeddings.word_embeddings.weight`");
        let relu = br#"{"hidden_act":"relu","num_hidden_layers":1,"num_attention_heads":1,"hidden_size":2}"#;
        assert!(convert(&tiny(), relu).unwrap_err().contains("\"relu\" is not supported"));
        assert!(convert(b"short", CONFIG).unwrap_err().contains("shorter than its header"));
        assert!(convert(&tiny(), b"{}").unwrap_err().contains("activation"));
        let cut = &tiny()[..tiny().len() - 8];
        assert!(convert(cut, CONFIG).unwrap_err().contains("ends before"));
    }
}
