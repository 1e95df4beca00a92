//! Shell scripts, as far as rules look into them: lines, words, comments.
