//! Every refusal of the program. Append only: the numbers are part of the interface.
//!
//! Every tenth has its number above it; `tests/fixtures/errors.txt` has all of them.

use anchor_lang::prelude::*;

/// Why the program refuses; numbered from 6000 in this order.
#[error_code]
#[derive(Eq, PartialEq)]
pub enum TorqueError {
    /// 6000
    #[msg("A sum or product does not fit its integer")]
    ArithmeticOverflow,
    #[msg("An account was passed that the instruction does not take")]
    SurplusAccount,
    #[msg("Only the program's upgrade authority may do this")]
    NotUpgradeAuthority,
    #[msg("Only the protocol's admin may do this")]
    NotAdmin,
    #[msg("Only the owner may do this")]
    NotOwner,
    #[msg("Only the distributor's publisher may do this")]
    NotPublisher,
    #[msg("Only the distributor's owner or guardian may do this")]
    NotOwnerOrGuardian,
    #[msg("The fee exceeds 1000 basis points, or what the owner agreed to")]
    FeeTooHigh,
    #[msg("The protocol is paused")]
    Paused,
    #[msg("A role or the treasury is the zero address")]
    RoleMissing,
    /// 6010
    #[msg("An action must start at or after zero and end after it starts")]
    ActionPeriodInvalid,
    #[msg("The audience's list root, mint or minimum amount is zero")]
    AudienceInvalid,
    #[msg("The link's weight is zero")]
    WeightZero,
    #[msg("The schedule must start at or after zero, have an epoch, and end within the clock's range and not long ago")]
    ScheduleInvalid,
    #[msg("An epoch must last between a minute and 366 days")]
    EpochDurationOutOfRange,
    #[msg("The epoch budget is zero")]
    EpochBudgetZero,
    #[msg("The activation delay must be between one hour and 30 days")]
    ActivationDelayOutOfRange,
    #[msg("The claim window must be between one day and 366 days")]
    ClaimWindowOutOfRange,
    #[msg("The mint is not a mint of the token program that was passed")]
    MintInvalid,
    #[msg("The mint has an extension that is refused, or one that nobody knows")]
    MintExtensionRefused,
    /// 6020
    #[msg("The token program is neither SPL Token nor Token-2022, nor the system program for SOL")]
    TokenProgramInvalid,
    #[msg("The vault is not this distributor's")]
    VaultMismatch,
    #[msg("The mint is not this distributor's")]
    MintMismatch,
    #[msg("The token program is not this distributor's")]
    TokenProgramMismatch,
    #[msg("The epoch belongs to another distributor")]
    EpochMismatch,
    #[msg("The amount is zero")]
    AmountZero,
    #[msg("The vault holds less than it must pay")]
    VaultShort,
    #[msg("The epoch's index is not the next one to post")]
    EpochNotNext,
    #[msg("The schedule has no epoch with this index")]
    EpochBeyondSchedule,
    #[msg("The epoch's period has not ended")]
    PeriodNotEnded,
    /// 6030
    #[msg("The root is zero")]
    RootZero,
    #[msg("The leaf count is zero")]
    LeafCountZero,
    #[msg("The leaf count needs more paid-marks than an account can hold")]
    LeafCountTooLarge,
    #[msg("The epoch's total is zero")]
    TotalZero,
    #[msg("The epoch's total exceeds the epoch budget")]
    BudgetExceeded,
    #[msg("The epoch's total exceeds what is funded and not reserved")]
    FundsInsufficient,
    #[msg("The epoch account has its full size")]
    EpochComplete,
    #[msg("The epoch account has not grown to this leaf yet")]
    EpochIncomplete,
    #[msg("The epoch has opened and can no longer be cancelled")]
    EpochOpened,
    #[msg("The epoch has no root")]
    EpochVacant,
    /// 6040
    #[msg("The epoch has not opened yet")]
    EpochNotOpen,
    #[msg("The claim window is over")]
    WindowOver,
    #[msg("The claim window is not over and leaves are unpaid")]
    WindowNotOver,
    #[msg("The rent must return to the account that paid it")]
    RentPayerMismatch,
    #[msg("This distributor pays by push, not by claim")]
    ModeIsPush,
    #[msg("This distributor pays by claim, not by push")]
    ModeIsClaim,
    #[msg("The tree has no node at this position")]
    LeafIndexOutOfRange,
    #[msg("The path is shorter or longer than the way to the root")]
    ProofLength,
    #[msg("The path does not lead to the root")]
    ProofInvalid,
    #[msg("The root of this subtree is not proven yet")]
    SubtreeNotProven,
    /// 6050
    #[msg("The epoch is too small to have subtrees")]
    SubtreesNotNeeded,
    #[msg("The leaf is already paid or struck")]
    LeafAlreadyPaid,
    #[msg("The payment exceeds the epoch's total")]
    EpochTotalExceeded,
    #[msg("The destination is the vault itself")]
    DestinationIsVault,
    #[msg("The block does not start at a multiple of its size, or is larger than 32 leaves")]
    BlockInvalid,
    #[msg("The block's amounts, bumps, wallets or accounts are not one for each of its leaves")]
    BlockEncoding,
    #[msg("The recipient's account is not a token account of this mint; name the wallet as absent")]
    RecipientAccountMissing,
    #[msg("The recipient's account is not the associated token account of its owner; name the wallet as absent")]
    RecipientAccountNotAssociated,
    #[msg("An epoch of this distributor is still open")]
    EpochsOpen,
    #[msg("The schedule is not over, or its last epochs may still be posted")]
    ScheduleNotOver,
    /// 6060
    #[msg("The treasury's account is not the one that receives this mint")]
    TreasuryMismatch,
    #[msg("The schedule already ends by then")]
    ScheduleAlreadyEnds,
    #[msg("The epoch has a root")]
    EpochNotVacant,
    #[msg("The grace in which a root may still be posted is over")]
    GraceOver,
    #[msg("As many roots of this epoch were cancelled as there may be")]
    RevisionsUsedUp,
    #[msg("The outflow limiter is without limits, or could keep back what is owed")]
    LimiterInvalid,
    #[msg("So much may not leave now; later it may")]
    OutflowLimited,
    #[msg("The mint's transfer fee has risen, and the epoch does not reserve what paying this leaf in full would cost")]
    ReserveExceeded,
    #[msg("No epoch is left to post, so nothing more is funded")]
    FundingOver,
    #[msg("Whoever funds and is not the owner needs a sponsorship, as an account and in the arguments")]
    SponsorMissing,
    /// 6070
    #[msg("The sponsorship belongs to another distributor or to another wallet")]
    SponsorMismatch,
    #[msg(
        "Without its signature a sponsor is paid only at its own account, which it must own and which must be no program"
    )]
    NotSponsor,
    #[msg("The milestone's deadline must be to come, nothing reported, and its one to four steps rising up to 10000")]
    MilestoneInvalid,
    #[msg("This distributor has no milestone")]
    MilestoneMissing,
    #[msg("The milestone's deadline has passed")]
    MilestoneDeadlinePassed,
    #[msg("The total is not higher than what was reported before")]
    MilestoneTotalNotRaised,
    #[msg("The milestone's reported total does not unlock what would then be paid and reserved")]
    MilestoneNotReached,
    #[msg("The milestone was missed: what was funded can only be refunded")]
    MilestoneMissed,
    #[msg("The distributor is not a raffle that draws for itself")]
    RaffleKindMismatch,
    #[msg("The ticket table's root or total, or the secret's hash, is zero")]
    TicketsInvalid,
    /// 6080
    #[msg("The account is not the sysvar of the slots' hashes")]
    SlotHashesMismatch,
    #[msg("The raffle's slot has no hash yet")]
    RaffleSlotAhead,
    #[msg("The hash of the raffle's slot is not kept yet; no secret may be shown before")]
    RaffleNotCaptured,
    #[msg("The secret is not the one that was committed to")]
    RaffleSecretWrong,
    #[msg("The secret may still be revealed")]
    RaffleSecretAwaited,
    #[msg("The time to reveal the secret is over")]
    RaffleSecretLate,
    #[msg("The raffle is drawn")]
    RaffleAlreadyDrawn,
    #[msg("An epoch of a raffle is posted with its raffle's account")]
    RaffleMissing,
    #[msg("The raffle is another distributor's or another period's")]
    RaffleMismatch,
    #[msg("The raffle is not drawn yet")]
    RaffleNotDrawn,
    /// 6090
    #[msg("The money was not in the vault before the raffle's outcome could be known")]
    RaffleFundsLate,
    #[msg("The raffle's epoch is open or may still be posted")]
    RaffleNotOver,
    #[msg("Only a raffle over a mint of supply one, without decimals and mint authority, may follow another's draws")]
    DrawInvalid,
    #[msg("The distributor is paused")]
    DistributorPaused,
    #[msg("The distributor is not paused")]
    DistributorNotPaused,
    #[msg("Only the account that was named to take over may do this")]
    NotPending,
    #[msg("Only the distributor's guardian may do this")]
    NotGuardian,
    #[msg("The number of epochs can only be raised; distributor_end cuts the schedule short")]
    EpochCountReduced,
    #[msg("Other terms wait for an epoch that is not posted yet")]
    NextTermsPending,
    #[msg("What is measured can only be changed from a time in the future on")]
    ChangeNotInFuture,
    /// 6100
    #[msg("The link belongs to another distributor")]
    LinkMismatch,
    #[msg("The distributor's pauses are used up")]
    PauseUsedUp,
    #[msg("The publisher took over after this epoch began, and not long enough ago")]
    PublisherTooRecent,
    #[msg("Less is free for the raffle's epoch than the commitment expects, or nothing; fund it and commit then")]
    RaffleFundsMissing,
    #[msg("Nobody kept the hash of any of the raffle's slots while it was known, so nothing is drawn")]
    RaffleFailed,
    #[msg("Only the protocol's admin or its pauser may do this")]
    NotAdminOrPauser,
    #[msg("The protocol is not paused")]
    NotPaused,
    #[msg("The protocol's pause began at another time than was named, so it is another pause; name its own beginning")]
    PauseMismatch,
    #[msg("The milestone's deadline is later than the end of the schedule's grace, after which nothing can be posted")]
    MilestoneDeadlineLate,
    #[msg("A power over the mint is accepted that does not exist: only bits 0 to 5 and 8 to 12 mean one")]
    PowersUnknown,
    /// 6110
    #[msg("A power over the mint is accepted that nobody has: accept exactly those that the mint gives")]
    PowerAbsent,
    #[msg("The owner itself has a power over the mint, and could stop or take what it owes: give it up, or accept it")]
    OwnerPowerNotAccepted,
    #[msg("The mint's freeze authority can stop the vault and any wallet: accept it (bit 0) or pay another mint")]
    FreezeNotAccepted,
    #[msg("The mint's pause authority can stop every payment: accept it (bit 1) or pay another mint")]
    PauseNotAccepted,
    #[msg("The mint's fee authority can make payments too dear: accept it (bit 2) or pay another mint")]
    TransferFeeNotAccepted,
    #[msg("The mint's permanent delegate can empty the vault: accept it (bit 3) or pay another mint")]
    PermanentDelegateNotAccepted,
    #[msg("The mint's hook authority can stop every payment: accept it (bit 4) or pay another mint")]
    TransferHookNotAccepted,
    #[msg(
        "Wallets can refuse plain credits of the mint: accept its confidential transfers (bit 5) or pay another mint"
    )]
    ConfidentialTransfersNotAccepted,
    #[msg("The destination refuses credits that are not confidential: enable them, or name another account")]
    PlainCreditRefused,
    #[msg("The distributor's terms are not those that the sponsor agrees to; the log names the first: read them again")]
    TermsNotAgreed,
    /// 6120
    #[msg("Another guardian is named or has not taken over yet; sponsor when it has, or when the offer is taken back")]
    GuardianChanging,
    #[msg("A sponsor adds at least what the distributor's minimum_sponsorship says")]
    SponsorshipTooSmall,
    #[msg("The sponsor has used this number for a sponsorship of this distributor already; take another number")]
    SponsorshipExists,
    #[msg("Sponsors' money is in: no more epochs, no larger budget or window, and no other delay or faster limits")]
    SponsorsAgreedOtherwise,
    #[msg("Sponsors' money is in, and they rely on the guardian: only the guardian itself names the next one")]
    GuardianKept,
    #[msg("The manifest's hash is zero: a root is posted with the hash of the manifest that explains it")]
    ManifestHashZero,
    #[msg("The bundle's URI is empty: a root is posted with the place from which its bundle can be downloaded")]
    BundleUriEmpty,
    #[msg("The bundle's URI has more than 128 bytes")]
    BundleUriTooLong,
    #[msg("The bundle's URI has a byte that is not a printable ASCII character, or a space; write it percent-encoded")]
    BundleUriNotPrintable,
    #[msg("The account's layout has a version (left) that this program does not read; it reads another (right)")]
    AccountVersionUnsupported,
    /// 6130
    #[msg(
        "What is open could not all leave in time with this epoch; post it once more is paid, or ended epochs are closed"
    )]
    LimiterBusy,
    #[msg("Only SPL Token makes several transfers by one call: push without batching")]
    BatchUnsupported,
}
