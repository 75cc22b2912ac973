//! Posts that were sent or wait to be.
