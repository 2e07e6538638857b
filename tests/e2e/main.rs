//! The real application in a real window (WebKitGTK under Xvfb), driven through WebDriver.
//!
//! `HEARBACK_SHOTS=DIR` keeps a picture at every station. Needs `Xvfb` and `WebKitWebDriver`
//! (`cargo xtask test` installs both), so it runs on Linux only.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod application;
mod drop;
mod frames;
mod journey;
mod killed;
mod known;
mod map;
mod models;
mod prepared;
mod states;
mod themes;
mod webdriver;
