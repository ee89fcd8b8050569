//! The process of its own in which a query runs: started and stopped by `worker`, confined by `confinement`, with
//! `service` inside and `request` and `answer` on the pipe between.

pub(super) mod answer;
pub(super) mod confinement;
pub(super) mod request;
pub(super) mod service;
pub(super) mod worker;
