//! Seeds and limits. Every address and every check of an input takes its number from here.

use anchor_lang::prelude::*;

/// The version byte written into every new account.
pub const ACCOUNT_VERSION: u8 = 1;

/// Seeds of [`crate::state::Config`]: this alone, so there is one.
pub const SEED_CONFIG: &[u8] = b"config";
/// Seeds of [`crate::state::Action`]: this, creator, id (u64 LE).
pub const SEED_ACTION: &[u8] = b"action";
/// Seeds of [`crate::state::Distributor`]: this, creator, id (u64 LE).
pub const SEED_DISTRIBUTOR: &[u8] = b"distributor";
/// Seeds of a distributor's vault: this, distributor.
pub const SEED_VAULT: &[u8] = b"vault";
/// Seeds of [`crate::state::Link`]: this, action, distributor.
pub const SEED_LINK: &[u8] = b"link";
/// Seeds of [`crate::state::Epoch`]: this, distributor, index (u32 LE).
pub const SEED_EPOCH: &[u8] = b"epoch";
/// Seeds of [`crate::state::Sponsorship`]: this, distributor, the sponsor's wallet, the sponsor's number for it.
pub const SEED_SPONSORSHIP: &[u8] = b"sponsorship";

/// Seeds of [`crate::state::Raffle`]: this, distributor, index (u32 LE).
pub const SEED_RAFFLE: &[u8] = b"raffle";

/// The most bytes of the URI that says where an epoch's bundle is.
pub const MAX_BUNDLE_URI_LEN: usize = 128;
/// More bytes than any transaction has, so that a URI that is too long is refused by name.
pub const MAX_ANNOUNCED_URI_LEN: u32 = 4_096;

/// The sysvar that lists the hashes of the last 512 slots that have a block.
pub const SLOT_HASHES: Pubkey = Pubkey::from_str_const("SysvarS1otHashes111111111111111111111111111");

/// Stands for native SOL where a mint is named, and for the program that moves it where a token program is.
pub const NATIVE_SOL: Pubkey = anchor_lang::system_program::ID;
/// Lamports have nine decimals.
pub const NATIVE_SOL_DECIMALS: u8 = 9;

/// Basis points in a whole.
pub const BASIS_POINTS: u64 = 10_000;
/// The protocol fee never exceeds 10 %.
pub const MAX_FEE_BASIS_POINTS: u16 = 1_000;

const HOUR: u32 = 60 * 60;
const DAY: u32 = 24 * HOUR;

/// The shortest epoch, in seconds: what makes an immediate reward.
pub const MIN_EPOCH_DURATION: u32 = 60;
/// The longest epoch, in seconds.
pub const MAX_EPOCH_DURATION: u32 = 366 * DAY;
/// The least time, in seconds, in which a bad root can be cancelled. The chain's clock may lag by half of it.
pub const MIN_ACTIVATION_DELAY: u32 = HOUR;
/// The most time, in seconds, that a posted reward may be held back.
pub const MAX_ACTIVATION_DELAY: u32 = 30 * DAY;
/// The least time, in seconds, to claim.
pub const MIN_CLAIM_WINDOW: u32 = DAY;
/// The most time, in seconds, to claim.
pub const MAX_CLAIM_WINDOW: u32 = 366 * DAY;
/// Seconds after which whoever waits for a payment asks again, at the latest.
pub const ASKING_INTERVAL: u32 = 5 * 60;
/// The least time, in seconds, in which an outflow limiter's buckets fill up: half of one fills up between two
/// askings, so a bucket that is asked for whatever it has is never full and loses nothing.
pub const MIN_OUTFLOW_WINDOW: u32 = ASKING_INTERVAL << 1;
/// Seconds in which the usual outflow limiter's bucket fills up.
pub const USUAL_OUTFLOW_WINDOW: u32 = HOUR;
/// Seconds in which an epoch that should have a root and has none may still get one, before its money is free: after
/// the schedule's end, and after a root was cancelled or an epoch skipped.
pub const POSTING_GRACE: i64 = 7 * 24 * 60 * 60;
/// Seconds after the end of an epoch that is not posted from which anybody may end the schedule: its owner and its
/// publisher are gone.
pub const ABANDONED_AFTER: i64 = 90 * 24 * 60 * 60;
/// How many roots of one epoch can be cancelled; then it stays vacant.
pub const MAX_REVISIONS: u16 = 4;
/// Seconds of a pause of the protocol, or of all pauses of a distributor, after which anybody may end it.
///
/// That is long enough to mend what was wrong, and a key that is lost during a pause keeps nobody's money for ever. A
/// distributor cannot be paused again afterwards.
pub const MAX_PAUSE: u64 = 30 * 24 * 60 * 60;
/// Seconds that a new publisher waits before it may post epochs that began under another.
pub const PUBLISHER_NOTICE: i64 = 2 * 24 * 60 * 60;
/// Of every delay and every window at least this many slots must pass in [`SLOT_SECONDS`] seconds.
///
/// That is half of what the cluster makes. A clock that jumps over hours without a block ends neither of them.
pub const LEAST_SLOTS: u64 = 5;
/// See [`LEAST_SLOTS`].
pub const SLOT_SECONDS: u64 = 4;

/// Slots from a raffle's commitment to the slot whose hash decides: about a minute.
///
/// That is far more than the 32 after which the commitment is final and cannot be rolled back by who has seen the hash.
pub const RAFFLE_DELAY: u64 = 150;
/// Slots between the targets that a raffle may have, of which all but the first are renewals: about an hour.
///
/// So a renewal is known long before its slot, and few moments of asking for it lead to different slots.
pub const RAFFLE_RENEWAL: u64 = 9_000;
/// How often another slot is named because nobody kept a raffle's hash. Each time is another draw for a publisher whom
/// nobody watches, and two of them give three hours in which somebody may wake up.
pub const MAX_RAFFLE_RENEWALS: u32 = 2;
/// Lamports for who keeps a raffle's hash, about what the transaction costs where blocks are full.
///
/// That is a signature's 5,000, and 4.75 for each of the 20,000 compute units that are asked for to be safe. At other
/// times most of it is a gain, so that it pays to watch.
pub const RAFFLE_BOUNTY: u64 = 100_000;
/// Seconds from the moment at which a raffle's hash is kept, in which its secret may be revealed.
pub const RAFFLE_REVEAL_WINDOW: i64 = 24 * 60 * 60;
/// Begins what is hashed to commit to a raffle's secret.
pub const RAFFLE_SECRET_DOMAIN: &[u8] = b"torque-raffle-secret-v1";
/// Begins what is hashed to a raffle's seed.
pub const RAFFLE_SEED_DOMAIN: &[u8] = b"torque-raffle-seed-v1";

/// Runtime limit on how much one instruction may grow an account.
pub const MAX_GROWTH: usize = 10_240;
/// Runtime limit on an account's size.
pub const MAX_ACCOUNT_SIZE: usize = 10 * 1024 * 1024;

/// Leaves of a subtree whose root is kept on-chain once proven: 2 to the power of this.
///
/// Higher, the path in a push would not fit beside sixteen recipients; lower, the kept roots would weigh as much as
/// the paid-marks. At 12 they add one sixteenth.
pub const SUBTREE_LEVEL: u8 = 12;
/// A push pays at most 2 to the power of this many leaves.
pub const MAX_BLOCK_LEVEL: u8 = 5;
