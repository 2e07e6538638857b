//! What is a theme before it has a name?

/// A set of texts with its centre.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// Positions in the input, the most similar first.
    pub members: Vec<usize>,
    pub centroid: Vec<f32>,
    pub reach: f32,
    /// Of the members when the centre was computed.
    pub cohesion: f32,
    /// See [`super::ThemeFound::leaf`].
    pub leaf: Option<u32>,
    pub subgroups: Vec<Group>,
}
