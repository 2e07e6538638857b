//! What is the set-up for?

/// What is going to be done with the checkout; set-up brings what that needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Build,
    /// Also what the end-to-end tests need: a display without a screen, and WebDriver.
    Test,
}
