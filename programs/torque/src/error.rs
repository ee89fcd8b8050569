//! Every refusal of the program. Append only: the numbers are part of the interface.

use anchor_lang::prelude::*;

/// Why the program refuses; numbered from 6000 in this order.
#[error_code]
#[derive(Eq, PartialEq)]
pub enum TorqueError {
    /// 6000
    #[msg("A sum or product does not fit its integer")]
    ArithmeticOverflow,
    /// 6001
    #[msg("An account was passed that the instruction does not take")]
    SurplusAccount,
    /// 6002
    #[msg("Only the program's upgrade authority may do this")]
    NotUpgradeAuthority,
    /// 6003
    #[msg("Only the protocol's admin may do this")]
    NotAdmin,
    /// 6004
    #[msg("Only the owner may do this")]
    NotOwner,
    /// 6005
    #[msg("Only the distributor's publisher may do this")]
    NotPublisher,
    /// 6006
    #[msg("Only the distributor's owner or guardian may do this")]
    NotOwnerOrGuardian,
    /// 6007
    #[msg("The fee exceeds 1000 basis points, or what the owner agreed to")]
    FeeTooHigh,
    /// 6008
    #[msg("The protocol is paused")]
    Paused,
    /// 6009
    #[msg("A role or the treasury is the zero address")]
    RoleMissing,
    /// 6010
    #[msg("An action must start at or after zero and end after it starts")]
    ActionPeriodInvalid,
    /// 6011
    #[msg("The audience's list root, mint or minimum amount is zero")]
    AudienceInvalid,
    /// 6012
    #[msg("The link's weight is zero")]
    WeightZero,
    /// 6013
    #[msg("The schedule must start at or after zero, have an epoch, and end within the clock's range and not long ago")]
    ScheduleInvalid,
    /// 6014
    #[msg("An epoch must last between a minute and 366 days")]
    EpochDurationOutOfRange,
    /// 6015
    #[msg("The epoch budget is zero")]
    EpochBudgetZero,
    /// 6016
    #[msg("The activation delay must be between one hour and 30 days")]
    ActivationDelayOutOfRange,
    /// 6017
    #[msg("The claim window must be between one day and 366 days")]
    ClaimWindowOutOfRange,
    /// 6018
    #[msg("The mint is not a mint of the token program that was passed")]
    MintInvalid,
    /// 6019
    #[msg("The mint has an extension that is refused, or one that nobody knows")]
    MintExtensionRefused,
    /// 6020
    #[msg("The token program is neither SPL Token nor Token-2022, nor the system program for SOL")]
    TokenProgramInvalid,
    /// 6021
    #[msg("The vault is not this distributor's")]
    VaultMismatch,
    /// 6022
    #[msg("The mint is not this distributor's")]
    MintMismatch,
    /// 6023
    #[msg("The token program is not this distributor's")]
    TokenProgramMismatch,
    /// 6024
    #[msg("The epoch belongs to another distributor")]
    EpochMismatch,
    /// 6025
    #[msg("The amount is zero")]
    AmountZero,
    /// 6026
    #[msg("The vault holds less than it must pay")]
    VaultShort,
    /// 6027
    #[msg("The epoch's index is not the next one to post")]
    EpochNotNext,
    /// 6028
    #[msg("The schedule has no epoch with this index")]
    EpochBeyondSchedule,
    /// 6029
    #[msg("The epoch's period has not ended")]
    PeriodNotEnded,
    /// 6030
    #[msg("The root is zero")]
    RootZero,
    /// 6031
    #[msg("The leaf count is zero")]
    LeafCountZero,
    /// 6032
    #[msg("The leaf count needs more paid-marks than an account can hold")]
    LeafCountTooLarge,
    /// 6033
    #[msg("The epoch's total is zero")]
    TotalZero,
    /// 6034
    #[msg("The epoch's total exceeds the epoch budget")]
    BudgetExceeded,
    /// 6035
    #[msg("The epoch's total exceeds what is funded and not reserved")]
    FundsInsufficient,
    /// 6036
    #[msg("The epoch account has its full size")]
    EpochComplete,
    /// 6037
    #[msg("The epoch account has not grown to this leaf yet")]
    EpochIncomplete,
    /// 6038
    #[msg("The epoch has opened and can no longer be cancelled")]
    EpochOpened,
    /// 6039
    #[msg("The epoch has no root")]
    EpochVacant,
    /// 6040
    #[msg("The epoch has not opened yet")]
    EpochNotOpen,
    /// 6041
    #[msg("The claim window is over")]
    WindowOver,
    /// 6042
    #[msg("The claim window is not over and leaves are unpaid")]
    WindowNotOver,
    /// 6043
    #[msg("The rent must return to the account that paid it")]
    RentPayerMismatch,
    /// 6044
    #[msg("This distributor pays by push, not by claim")]
    ModeIsPush,
    /// 6045
    #[msg("This distributor pays by claim, not by push")]
    ModeIsClaim,
    /// 6046
    #[msg("The tree has no node at this position")]
    LeafIndexOutOfRange,
    /// 6047
    #[msg("The path is shorter or longer than the way to the root")]
    ProofLength,
    /// 6048
    #[msg("The path does not lead to the root")]
    ProofInvalid,
    /// 6049
    #[msg("The root of this subtree is not proven yet")]
    SubtreeNotProven,
    /// 6050
    #[msg("The epoch is too small to have subtrees")]
    SubtreesNotNeeded,
    /// 6051
    #[msg("The leaf is already paid or struck")]
    LeafAlreadyPaid,
    /// 6052
    #[msg("The payment exceeds the epoch's total")]
    EpochTotalExceeded,
    /// 6053
    #[msg("The destination is the vault itself")]
    DestinationIsVault,
    /// 6054
    #[msg("The block does not start at a multiple of its size, or is larger than 32 leaves")]
    BlockInvalid,
    /// 6055
    #[msg("The block's amounts, bumps, wallets or accounts are not one for each of its leaves")]
    BlockEncoding,
    /// 6056
    #[msg("The recipient's account is not a token account of this mint; name the wallet as absent")]
    RecipientAccountMissing,
    /// 6057
    #[msg("The recipient's account is not the associated token account of its owner; name the wallet as absent")]
    RecipientAccountNotAssociated,
    /// 6058
    #[msg("An epoch of this distributor is still open")]
    EpochsOpen,
    /// 6059
    #[msg("The schedule is not over, or its last epochs may still be posted")]
    ScheduleNotOver,
    /// 6060
    #[msg("The treasury's account is not the one that receives this mint")]
    TreasuryMismatch,
    /// 6061
    #[msg("The schedule already ends by then")]
    ScheduleAlreadyEnds,
    /// 6062
    #[msg("The epoch has a root")]
    EpochNotVacant,
    /// 6063
    #[msg("The grace in which a root may still be posted is over")]
    GraceOver,
    /// 6064
    #[msg("As many roots of this epoch were cancelled as there may be")]
    RevisionsUsedUp,
    /// 6065
    #[msg("The outflow limiter is without limits, or could keep back what is owed")]
    LimiterInvalid,
    /// 6066
    #[msg("So much may not leave now; later it may")]
    OutflowLimited,
    /// 6067
    #[msg("The mint's transfer fee has risen, and the epoch does not reserve what paying this leaf in full would cost")]
    ReserveExceeded,
    /// 6068
    #[msg("No epoch is left to post, so nothing more is funded")]
    FundingOver,
    /// 6069
    #[msg("Whoever funds and is not the owner needs a sponsor account")]
    SponsorMissing,
    /// 6070
    #[msg("The sponsor account belongs to another distributor or to another wallet")]
    SponsorMismatch,
    /// 6071
    #[msg(
        "Without its signature a sponsor is paid only at its own account, which it must own and which must be no program"
    )]
    NotSponsor,
    /// 6072
    #[msg("The milestone's deadline must be to come, nothing reported, and its one to four steps rising up to 10000")]
    MilestoneInvalid,
    /// 6073
    #[msg("This distributor has no milestone")]
    MilestoneMissing,
    /// 6074
    #[msg("The milestone's deadline has passed")]
    MilestoneDeadlinePassed,
    /// 6075
    #[msg("The total is not higher than what was reported before")]
    MilestoneTotalNotRaised,
    /// 6076
    #[msg("The milestone's reported total does not unlock what would then be paid and reserved")]
    MilestoneNotReached,
    /// 6077
    #[msg("The milestone was missed: what was funded can only be refunded")]
    MilestoneMissed,
    /// 6078
    #[msg("The distributor is not a raffle that draws for itself")]
    RaffleKindMismatch,
    /// 6079
    #[msg("The ticket table's root or total, or the secret's hash, is zero")]
    TicketsInvalid,
    /// 6080
    #[msg("The account is not the sysvar of the slots' hashes")]
    SlotHashesMismatch,
    /// 6081
    #[msg("The raffle's slot has no hash yet")]
    RaffleSlotAhead,
    /// 6082
    #[msg("The hash of the raffle's slot is not kept yet; no secret may be shown before")]
    RaffleNotCaptured,
    /// 6083
    #[msg("The secret is not the one that was committed to")]
    RaffleSecretWrong,
    /// 6084
    #[msg("The secret may still be revealed")]
    RaffleSecretAwaited,
    /// 6085
    #[msg("The time to reveal the secret is over")]
    RaffleSecretLate,
    /// 6086
    #[msg("The raffle is drawn")]
    RaffleAlreadyDrawn,
    /// 6087
    #[msg("An epoch of a raffle is posted with its raffle's account")]
    RaffleMissing,
    /// 6088
    #[msg("The raffle is another distributor's or another period's")]
    RaffleMismatch,
    /// 6089
    #[msg("The raffle is not drawn yet")]
    RaffleNotDrawn,
    /// 6090
    #[msg("The money was not in the vault before the raffle's outcome could be known")]
    RaffleFundsLate,
    /// 6091
    #[msg("The raffle's epoch is open or may still be posted")]
    RaffleNotOver,
    /// 6092
    #[msg("Only a raffle over a mint of supply one, without decimals and mint authority, may follow another's draws")]
    DrawInvalid,
    /// 6093
    #[msg("The distributor is paused")]
    DistributorPaused,
    /// 6094
    #[msg("The distributor is not paused")]
    DistributorNotPaused,
    /// 6095
    #[msg("Only the account that was named to take over may do this")]
    NotPending,
    /// 6096
    #[msg("Only the distributor's guardian may do this")]
    NotGuardian,
    /// 6097
    #[msg("The number of epochs can only be raised; distributor_end cuts the schedule short")]
    EpochCountReduced,
    /// 6098
    #[msg("Other terms wait for an epoch that is not posted yet")]
    NextTermsPending,
    /// 6099
    #[msg("What is measured can only be changed from a time in the future on")]
    ChangeNotInFuture,
    /// 6100
    #[msg("The link belongs to another distributor")]
    LinkMismatch,
}
