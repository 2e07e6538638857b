//! How is an ONNX file laid out? Protocol buffers with the field numbers of `onnx.proto3`; the dozen of them that are used
//! here do not need a library.

use super::Tensor;

/// `TensorProto.DataType`.
pub const FLOAT: i64 = 1;
pub const INT64: i64 = 7;

/// One protocol buffer message, field after field.
#[derive(Debug, Default)]
pub struct Message(Vec<u8>);

/// A node's attribute; the names are the operators'.
#[derive(Debug, Clone, Copy)]
pub enum Attribute<'a> {
    Int(i64),
    Float(f32),
    Text(&'a str),
    Ints(&'a [i64]),
}

/// `GraphProto`, as it grows.
#[derive(Debug, Default)]
pub struct Graph {
    nodes: Message,
    initializers: Message,
    ends: Message,
}

impl Message {
    pub fn number(&mut self, field: u64, value: u64) {
        self.variable(field << 3);
        self.variable(value);
    }

    pub fn bytes(&mut self, field: u64, value: &[u8]) {
        self.variable(field << 3 | 2);
        self.variable(value.len() as u64);
        self.0.extend_from_slice(value);
    }

    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    fn message(&mut self, field: u64, value: Message) {
        self.bytes(field, &value.0);
    }

    fn float(&mut self, field: u64, value: f32) {
        self.variable(field << 3 | 5);
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    /// Seven bits a byte, the low ones first, the high bit says that more follow.
    fn variable(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}

impl Graph {
    /// An f32 tensor that the graph carries with it.
    pub fn tensor(&mut self, name: &str, tensor: &Tensor<'_>) {
        self.initializer(name, &tensor.shape, FLOAT, &tensor.bytes);
    }

    pub fn scalar(&mut self, name: &str, value: f32) {
        self.initializer(name, &[], FLOAT, &value.to_le_bytes());
    }

    pub fn integers(&mut self, name: &str, values: &[i64]) {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.initializer(name, &[values.len()], INT64, &bytes);
    }

    /// Adds an operator with one output, and returns that output's name.
    pub fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        output: &str,
        attributes: &[(&str, Attribute<'_>)],
    ) -> String {
        let mut node = Message::default();
        for input in inputs {
            node.bytes(1, input.as_bytes());
        }
        node.bytes(2, output.as_bytes());
        node.bytes(3, output.as_bytes()); // a node is called as what it makes
        node.bytes(4, operator.as_bytes());
        for (name, value) in attributes {
            node.message(5, attribute(name, *value));
        }
        self.nodes.message(1, node);
        output.to_owned()
    }

    /// A named input; `None` is a size that is known only when the model runs.
    pub fn input(&mut self, name: &str, data_type: i64, shape: &[Option<u64>]) {
        self.ends.message(11, value_info(name, data_type, shape));
    }

    pub fn output(&mut self, name: &str, data_type: i64, shape: &[Option<u64>]) {
        self.ends.message(12, value_info(name, data_type, shape));
    }

    pub fn finish(self, name: &str) -> Message {
        let mut graph = self.nodes;
        graph.bytes(2, name.as_bytes());
        graph.0.extend(self.initializers.0);
        graph.0.extend(self.ends.0);
        graph
    }

    fn initializer(&mut self, name: &str, shape: &[usize], data_type: i64, bytes: &[u8]) {
        let mut tensor = Message::default();
        for size in shape {
            tensor.number(1, *size as u64);
        }
        tensor.number(2, data_type as u64);
        tensor.bytes(8, name.as_bytes());
        tensor.bytes(9, bytes);
        self.initializers.message(5, tensor);
    }
}

/// `AttributeProto`: the value in the field of its type, and the type in field 20.
fn attribute(name: &str, value: Attribute<'_>) -> Message {
    let mut message = Message::default();
    message.bytes(1, name.as_bytes());
    let kind = match value {
        Attribute::Float(value) => {
            message.float(2, value);
            1
        }
        Attribute::Int(value) => {
            message.number(3, value as u64); // negative numbers are written in two's complement
            2
        }
        Attribute::Text(value) => {
            message.bytes(4, value.as_bytes());
            3
        }
        Attribute::Ints(values) => {
            for value in values {
                message.number(8, *value as u64);
            }
            7
        }
    };
    message.number(20, kind);
    message
}

/// `ValueInfoProto` of a tensor. The open sizes are called `batch` and `tokens`, in that order.
fn value_info(name: &str, data_type: i64, shape: &[Option<u64>]) -> Message {
    let mut sizes = Message::default();
    for (index, size) in shape.iter().enumerate() {
        let mut dimension = Message::default();
        match size {
            Some(size) => dimension.number(1, *size),
            None => dimension.bytes(2, if index == 0 { b"batch" } else { b"tokens" }),
        }
        sizes.message(1, dimension);
    }
    let mut tensor = Message::default();
    tensor.number(1, data_type as u64);
    tensor.message(2, sizes);
    let mut kind = Message::default();
    kind.message(1, tensor);
    let mut info = Message::default();
    info.bytes(1, name.as_bytes());
    info.message(2, kind);
    info
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_written_as_the_encoding_has_them() {
        // The two examples of the protocol buffers' own documentation: 150 in field 1, "testing" in field 2.
        let mut message = Message::default();
        message.number(1, 150);
        message.bytes(2, b"testing");
        assert_eq!(message.finish(), b"\x08\x96\x01\x12\x07testing");
        let mut message = Message::default();
        message.number(3, -1_i64 as u64);
        assert_eq!(message.finish(), [0x18, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]);
    }
}
