//! Tests of legacy-imports.
