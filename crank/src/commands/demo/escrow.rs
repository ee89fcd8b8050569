//! A distributor of the demonstration, with every base unit that went in and out.

use comfy_table::{CellAlignment, Table, presets};
use solana_signer::Signer as _;

use super::cast::Cast;
use super::story::Story;
use crate::failure::Failure;
use crank_cluster::address::DistributorAddresses;
use crank_cluster::error::ChainError;
use crank_cluster::instruction;
use crank_cluster::steps::launch;
use crank_rules::values::decimal::Decimal;

/// A distributor with the amounts that went in and out, each measured where it arrived.
pub(super) struct Escrow {
    /// Its name in the story.
    pub(super) name: &'static str,
    /// Its addresses.
    pub(super) addresses: DistributorAddresses,
    /// The unit of amounts.
    pub(super) unit: &'static str,
    /// Decimals of it.
    pub(super) decimals: u8,
    /// Base units of rewards that went in.
    pub(super) funded: u64,
    /// Base units of fee that went in.
    pub(super) fee: u64,
    /// Base units that the wallets received.
    pub(super) received: u64,
    /// Base units that the treasury received.
    pub(super) earned: u64,
    /// Base units that the owner got back.
    pub(super) refunded: u64,
}

impl Escrow {
    /// A distributor that has received nothing yet.
    pub(super) fn new(name: &'static str, addresses: DistributorAddresses, unit: &'static str, decimals: u8) -> Self {
        Self { name, addresses, unit, decimals, funded: 0, fee: 0, received: 0, earned: 0, refunded: 0 }
    }

    /// `base_units` as people write it.
    pub(super) fn amount(&self, base_units: u64) -> String {
        format!("{} {}", Decimal::from_base_units(base_units, self.decimals), self.unit)
    }

    /// The amount that went in minus the amount that came out. If it is not zero, money is lost.
    fn difference(&self) -> i128 {
        let sum = |amounts: &[u64]| amounts.iter().copied().map(i128::from).sum::<i128>();
        sum(&[self.funded, self.fee]).saturating_sub(sum(&[self.received, self.earned, self.refunded]))
    }
}

/// Closes the epochs after their window, then the distributors, and adds everything up.
pub(super) fn settle(cast: &Cast, story: &mut Story<'_>, mut escrows: [Escrow; 2]) -> Result<(), Failure> {
    story.section("Close after the window")?;
    for escrow in &mut escrows {
        close_epoch(cast, story, escrow)?;
        close_distributor(cast, story, escrow)?;
    }
    story.section("Add up")?;
    story.line(&table(&escrows).to_string())?;
    match escrows.iter().find(|escrow| escrow.difference() != 0) {
        Some(escrow) => Err(Failure::Check(format!("{}: {} base units are missing", escrow.name, escrow.difference()))),
        None => Ok(()),
    }
}

fn close_epoch(cast: &Cast, story: &mut Story<'_>, escrow: &Escrow) -> Result<(), Failure> {
    let address = escrow.addresses.epoch(0);
    let epoch = cast.cluster.epoch(&address)?;
    cast.cluster.set_time(epoch.closes_at);
    let rent = cast.cluster.lamports(&address);
    let close = instruction::epoch_close(&escrow.addresses, cast.publisher.pubkey(), 0);
    cast.cluster.send(&[close], &[&cast.publisher])?;
    story.line(&format!(
        "{}: epoch closed, {} of {} leaves paid, {} back in the pool; rent back to the publisher: {}",
        escrow.name,
        epoch.paid_count,
        epoch.leaf_count,
        escrow.amount(epoch.total.saturating_sub(epoch.paid_total)),
        sol(rent)
    ))
}

fn close_distributor(cast: &Cast, story: &mut Story<'_>, escrow: &mut Escrow) -> Result<(), Failure> {
    let asset = escrow.addresses.asset;
    let owner = cast.owner.pubkey();
    let held = |cast: &Cast| {
        let accounts = [escrow.addresses.distributor, escrow.addresses.vault];
        accounts.iter().map(|account| cast.cluster.lamports(account)).sum::<u64>()
    };
    let (in_vault, rent_before) = (cast.cluster.vault_balance(&escrow.addresses), held(cast));
    let treasury_before = cast.cluster.balance(&asset, &cast.treasury);
    let owner_before = cast.cluster.balance(&asset, &owner);
    let close = instruction::distributor_close(&escrow.addresses, &cast.treasury);
    let receipt = cast.cluster.send(&[close], &[&cast.owner])?;
    let rent = rent_before.saturating_sub(held(cast)).saturating_sub(if asset.is_native() { in_vault } else { 0 });
    escrow.earned = cast.cluster.balance(&asset, &cast.treasury).saturating_sub(treasury_before);
    let gained = cast.cluster.balance(&asset, &owner).saturating_sub(owner_before);
    // For SOL the owner's balance also received the rent and paid for the signature.
    escrow.refunded = if asset.is_native() { gained.saturating_add(receipt.fee).saturating_sub(rent) } else { gained };
    story.line(&format!(
        "{}: distributor closed, {} fee earned, {} back to the owner; rent back: {}",
        escrow.name,
        escrow.amount(escrow.earned),
        escrow.amount(escrow.refunded),
        sol(rent)
    ))
}

fn table(escrows: &[Escrow]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header([
        "distributor",
        "funded",
        "+ fee",
        "- received",
        "- fee earned",
        "- refunded",
        "= left",
    ]);
    for escrow in escrows {
        let mut row = vec![escrow.name.to_owned()];
        let amounts = [escrow.funded, escrow.fee, escrow.received, escrow.earned, escrow.refunded];
        row.extend(amounts.map(|amount| escrow.amount(amount)));
        row.push(escrow.difference().to_string());
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// Lamports as people write them.
pub(super) fn sol(lamports: u64) -> String {
    format!("{} SOL", Decimal::from_base_units(lamports, 9))
}

/// Funds `escrow`'s distributor and records the amounts.
pub(super) fn fund(cast: &Cast, story: &mut Story<'_>, escrow: &mut Escrow, amount: u64) -> Result<(), Failure> {
    let before = cast.cluster.vault_balance(&escrow.addresses);
    cast.wait(launch::fund(&cast.cluster, &cast.owner, &escrow.addresses, amount))
        .map_err(|error: ChainError| Failure::Outside(format!("{}: {error}", escrow.name)))?;
    let moved = cast.cluster.vault_balance(&escrow.addresses).saturating_sub(before);
    escrow.funded = amount;
    escrow.fee = moved.saturating_sub(amount);
    story.line(&format!(
        "{}: funded with {}, and {} fee on top, into vault {}",
        escrow.name,
        escrow.amount(escrow.funded),
        escrow.amount(escrow.fee),
        escrow.addresses.vault
    ))
}
