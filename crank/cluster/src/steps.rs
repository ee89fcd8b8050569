//! What the crank does on a cluster, one step each: launch a campaign, post an epoch, push it, claim from it, close.
//!
//! A step makes the cluster agree with what was decided elsewhere. Extending an epoch, opening accounts and pushing look
//! at the cluster first and can be asked for again; launching, posting and proving subtrees always send, and the program
//! refuses what is there already. A step prints nothing and reads no clock.

pub mod launch;
pub mod lookup_table;
pub mod post;
pub mod push;
