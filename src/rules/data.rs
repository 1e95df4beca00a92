//! The tables of `rules/data/`: what a Plotly release can change.
