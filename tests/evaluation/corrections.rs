//! What several bundles of one epoch come to together: never more than the pool, and to each what the last one says.
