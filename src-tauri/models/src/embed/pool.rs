//! How do the vectors of a text's tokens become one?
//!
//! fastembed takes the mean through several arrays as large as the model's whole answer, which was measured to cost 3 to 4 %
//! of all the time that short texts take. Here the answer is read once.

use fastembed::{Error, OutputKey, Result, SingleBatchOutput};

/// Where an answer is looked for, in fastembed's own order.
const OUTPUTS: &[OutputKey] = &[
    OutputKey::OnlyOne,
    OutputKey::ByName("text_embeds"),
    OutputKey::ByName("last_hidden_state"),
    OutputKey::ByName("sentence_embedding"),
];

/// For each text of a batch the sum of its tokens' vectors, without padding. That points where their mean points, and only
/// the direction counts. A model that answers with one vector for each text has done this itself.
pub fn sums(batch: &SingleBatchOutput) -> Result<Vec<f32>> {
    let output = batch.select_output(&OUTPUTS)?;
    let odd = || Error::InvalidShape(format!("the model answers with an array of {:?}", output.shape()));
    let values = output.as_slice().ok_or_else(odd)?;
    let [texts, tokens, width] = match *output.shape() {
        [_, _] => return Ok(values.to_vec()),
        [texts, tokens, width] if tokens > 0 && width > 0 => [texts, tokens, width],
        _ => return Err(odd()),
    };
    let mask = batch.attention_mask_array.as_slice().filter(|mask| mask.len() == texts * tokens).ok_or_else(odd)?;
    let mut sums = vec![0.0; texts * width];
    let texts = values.chunks_exact(tokens * width).zip(mask.chunks_exact(tokens));
    for (sum, (vectors, mask)) in sums.chunks_exact_mut(width).zip(texts) {
        for (vector, _) in vectors.chunks_exact(width).zip(mask).filter(|(_, mask)| **mask != 0) {
            for (sum, value) in sum.iter_mut().zip(vector) {
                *sum += value;
            }
        }
    }
    Ok(sums)
}
