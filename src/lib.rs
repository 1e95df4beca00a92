//! Moves Dash app repositories from Dash Enterprise 4 to Dash Enterprise 5.
//!
//! The way of the data, from the lowest floor up: [`text`], [`secrets`], [`tree`] and [`git`] know bytes; [`network`] is the one door to servers;
//! [`manager`] asks a Dash Enterprise 4 server and [`inventory`] is what it said;
//! [`files`] knows one file format per module; [`installed`] reads what is installed in an environment; [`app`] finds the apps of a tree, what
//! they start and what that reaches; [`packages`] knows distributions, what needs and what uses them; [`rules`] states
//! facts about an app and carries their repairs; [`engine`] applies and proves the repairs;
//! [`baseline`] keeps findings of today back until later; [`plan`] says what a person does beside them; [`children`] starts other programs; [`resolver`] asks uv or pip; [`verify`] starts an app; [`report`] renders;
//! [`handover`] writes what sets apps up on the new server;
//! [`fleet`] works on many repositories; [`commands`] is what each command does; [`cli`] reads arguments and prints. A room knows only the rooms below.
#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        reason = "tests make the disk that the program meets"
    )
)]

pub mod app;
pub mod baseline;
pub mod children;
pub mod cli;
pub mod commands;
pub mod disk;
pub mod engine;
pub mod files;
pub mod fleet;
pub mod git;
pub mod handover;
pub mod installed;
mod interrupt;
pub mod inventory;
pub mod manager;
pub mod network;
pub mod packages;
mod parallel;
pub mod plan;
pub mod python;
pub mod report;
pub mod resolver;
pub mod rules;
pub mod secrets;
mod tables;
pub mod text;
pub mod tree;
pub mod users;
pub mod verify;
