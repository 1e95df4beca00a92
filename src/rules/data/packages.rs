//! The distributions and package indexes that matter to a move.
