//! What the crank does on a cluster, one step each: launch a campaign, post an epoch, push it, claim from it, close.
//!
//! A step makes the cluster agree with what was decided elsewhere, and can be asked for again: it looks first at what is
//! there. It prints nothing and reads no clock.

pub mod launch;
pub mod lookup_table;
pub mod post;
pub mod push;
