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
    #[msg("The mint has an extension; only mints without extensions are accepted")]
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
    #[msg("The distributor is paused")]
    DistributorPaused,
    /// 6066
    #[msg("The distributor is not paused")]
    DistributorNotPaused,
    /// 6067
    #[msg("Only the account that was named to take over may do this")]
    NotPending,
    /// 6068
    #[msg("Only the distributor's guardian may do this")]
    NotGuardian,
    /// 6069
    #[msg("The number of epochs can only be raised; distributor_end cuts the schedule short")]
    EpochCountReduced,
    /// 6070
    #[msg("Other terms wait for an epoch that is not posted yet")]
    NextTermsPending,
    /// 6071
    #[msg("What is measured can only be changed from a time in the future on")]
    ChangeNotInFuture,
    /// 6072
    #[msg("The link belongs to another distributor")]
    LinkMismatch,
}
