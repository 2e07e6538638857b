//! Which tensors does a safetensors file hold? Eight bytes of header length (little-endian), a JSON header with each tensor's
//! dtype, shape and place, then the bytes (format as in the safetensors repository's README).

use std::borrow::Cow;

use serde_json::Value;

/// A file's header and the bytes behind it.
#[derive(Debug)]
pub struct Weights<'a> {
    header: Value,
    data: &'a [u8],
}

/// f32 values in row order, as little-endian bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor<'a> {
    pub shape: Vec<usize>,
    pub bytes: Cow<'a, [u8]>,
}

impl<'a> Weights<'a> {
    pub fn read(file: &'a [u8]) -> Result<Self, String> {
        let short = || "the weights file is shorter than its header says".to_owned();
        let (length, rest) = file.split_first_chunk::<8>().ok_or_else(short)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| short())?;
        let (header, data) = rest.split_at_checked(length).ok_or_else(short)?;
        let header =
            serde_json::from_slice(header).map_err(|error| format!("the weights' header is not JSON: {error}"))?;
        Ok(Self { header, data })
    }

    /// One f32 tensor, with or without the prefix `bert.` that some files have.
    pub fn tensor(&self, name: &str) -> Result<Tensor<'a>, String> {
        let entry = [name, &format!("bert.{name}")].into_iter().find_map(|key| self.header.get(key));
        let entry = entry.ok_or_else(|| format!("the weights have no tensor `{name}`"))?;
        if entry["dtype"] != "F32" {
            return Err(format!("the tensor `{name}` is {}, and only F32 is read", entry["dtype"]));
        }
        let shape = numbers(&entry["shape"]).ok_or_else(|| format!("the tensor `{name}` has no shape"))?;
        let range = numbers(&entry["data_offsets"]).filter(|range| range.len() == 2);
        let range = range.ok_or_else(|| format!("the tensor `{name}` has no place in the file"))?;
        let bytes = self.data.get(range[0]..range[1]).ok_or_else(|| format!("the file ends before `{name}` does"))?;
        if shape.iter().product::<usize>() * size_of::<f32>() != bytes.len() {
            return Err(format!("the tensor `{name}` has {} bytes, which do not fill its shape", bytes.len()));
        }
        Ok(Tensor { shape, bytes: Cow::Borrowed(bytes) })
    }
}

impl Tensor<'_> {
    /// Rows become columns.
    pub fn transposed(&self) -> Result<Tensor<'static>, String> {
        let [rows, columns] = self.shape[..] else {
            return Err(format!("a matrix was expected, and the shape is {:?}", self.shape));
        };
        let (values, _) = self.bytes.as_chunks::<4>();
        let mut turned = Vec::with_capacity(self.bytes.len());
        for column in 0..columns {
            for row in 0..rows {
                turned.extend_from_slice(&values[row * columns + column]);
            }
        }
        Ok(Tensor { shape: vec![columns, rows], bytes: Cow::Owned(turned) })
    }
}

fn numbers(value: &Value) -> Option<Vec<usize>> {
    value.as_array()?.iter().map(|number| usize::try_from(number.as_u64()?).ok()).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A file in the format, with every value zero.
    pub fn file(tensors: &[(String, Vec<usize>)]) -> Vec<u8> {
        let mut header = serde_json::Map::new();
        let mut end = 0;
        for (name, shape) in tensors {
            let start = end;
            end += shape.iter().product::<usize>() * 4;
            let entry = serde_json::json!({"dtype": "F32", "shape": shape, "data_offsets": [start, end]});
            header.insert(name.clone(), entry);
        }
        let header = serde_json::to_vec(&header).unwrap();
        [&(header.len() as u64).to_le_bytes()[..], &header, &vec![0; end]].concat()
    }

    #[test]
    fn rows_become_columns() {
        let values = |numbers: &[f32]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
        let matrix = Tensor { shape: vec![2, 3], bytes: values(&[1., 2., 3., 4., 5., 6.]).into() };
        let turned = matrix.transposed().unwrap();
        assert_eq!(turned, Tensor { shape: vec![3, 2], bytes: values(&[1., 4., 2., 5., 3., 6.]).into() });
        assert!(Tensor { shape: vec![6], ..matrix }.transposed().is_err());
    }

    #[test]
    fn a_prefix_is_allowed_and_other_dtypes_are_not() {
        let bytes = file(&[("bert.pooler".to_owned(), vec![1])]);
        assert_eq!(Weights::read(&bytes).unwrap().tensor("pooler").unwrap().shape, [1]);
        let half = String::from_utf8(bytes).unwrap().replace("F32", "F16");
        assert!(Weights::read(half.as_bytes()).unwrap().tensor("pooler").unwrap_err().contains("F16"));
    }
}
