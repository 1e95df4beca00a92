//! Rendering, one file per output format. Words for people that belong to no single rule live
//! here; nothing here looks at files.

pub mod concise;
