//! What a campaign costs its creator, and when it pays.

use serde::Serialize;
use torque::fee;

use crank_cluster::steps::launch::{ACTIVATION_DELAY, CLAIM_WINDOW, FEE_BASIS_POINTS};
use crank_rules::{
    campaign::{Campaign, Reward},
    values::decimal::Decimal,
};

/// How many epochs of the schedule are shown.
const SHOWN_EPOCHS: u32 = 5;

/// The money that is deposited before the first reward is earned.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// For one epoch.
    pub epoch: Deposit,
    /// How many epochs there are; `None` for no end.
    pub epochs: Option<u32>,
    /// For all epochs; `None` without an end, or beyond 64 bits of base units.
    pub campaign: Option<Deposit>,
}

/// Display units, as text.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Deposit {
    /// The rewards.
    pub pool: String,
    /// The fee on them, rounded up to base units.
    pub fee: String,
    /// Both together.
    pub creator_pays: String,
}

impl Cost {
    /// What the campaign costs; `None` for points, which are never paid.
    pub fn of(campaign: &Campaign) -> Option<Self> {
        if matches!(campaign.reward, Reward::Points { .. }) {
            return None;
        }
        let decimals = campaign.reward.decimals();
        let epochs = campaign.schedule.max_iterations;
        let all = epochs.and_then(|epochs| campaign.terms.pool.checked_mul(u64::from(epochs)));
        Some(Self {
            epoch: Deposit::of(campaign.terms.pool, decimals)?,
            epochs,
            campaign: all.and_then(|all| Deposit::of(all, decimals)),
        })
    }
}

impl Deposit {
    fn of(pool: u64, decimals: u8) -> Option<Self> {
        let fee = fee::rounded_up(pool, FEE_BASIS_POINTS).ok()?;
        let shown = |amount| Decimal::from_base_units(amount, decimals).to_string();
        Some(Self { pool: shown(pool), fee: shown(fee), creator_pays: shown(pool.checked_add(fee)?) })
    }
}

/// One epoch of the schedule, in seconds since 1970.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EpochTimes {
    /// Its index.
    pub epoch: u32,
    /// The first second that counts.
    pub start: i64,
    /// The first second that no longer counts.
    pub end: i64,
    /// The earliest payment: after the time for late events and the time in which the root can be checked.
    pub pays_from: i64,
    /// The end of the claim window that begins then.
    pub pays_until: i64,
}

/// The first epochs from `first` on.
pub fn schedule(campaign: &Campaign, first: u32) -> Vec<EpochTimes> {
    let epochs = first..=first.saturating_add(SHOWN_EPOCHS.saturating_sub(1));
    let times = epochs.map_while(|epoch| Some((epoch, campaign.period(epoch).ok()?))).map(|(epoch, period)| {
        let grace = i64::try_from(campaign.grace_seconds).unwrap_or(i64::MAX);
        let pays_from = period.end.saturating_add(grace).saturating_add(i64::from(ACTIVATION_DELAY));
        let pays_until = pays_from.saturating_add(i64::from(CLAIM_WINDOW));
        EpochTimes { epoch, start: period.start, end: period.end, pays_from, pays_until }
    });
    times.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaign(rest: &str) -> Campaign {
        let common =
            r#""name":"x","type":"leaderboard","sqlQuery":"select 1","startDate":"2026-01-19","interval":"DAILY""#;
        Campaign::parse(format!("{{{common},{rest}}}").as_bytes()).unwrap()
    }

    #[test]
    fn the_creator_pays_the_pool_and_the_fee_on_it() {
        let cost = Cost::of(&campaign(r#""emissionType":"SOL","totalFundAmount":50,"maxIterations":4"#)).unwrap();
        let deposit = |pool: &str, fee: &str, creator_pays: &str| Deposit {
            pool: pool.to_owned(),
            fee: fee.to_owned(),
            creator_pays: creator_pays.to_owned(),
        };
        assert_eq!(cost.epoch, deposit("50", "2.5", "52.5"));
        assert_eq!(cost.campaign, Some(deposit("200", "10", "210")));
    }

    #[test]
    fn the_fee_rounds_up_once_for_all_epochs() {
        let mint = "RbsL7CBWUJ78U8LAv385pyFyTfaBaEFTgNW22S8eSZq";
        let token = format!(r#""emissionType":"TOKENS","tokenAddress":"{mint}","tokenDecimals":0"#);
        let cost = Cost::of(&campaign(&format!(r#"{token},"totalFundAmount":1,"maxIterations":30"#))).unwrap();
        assert_eq!((cost.epoch.fee.as_str(), cost.campaign.unwrap().fee.as_str()), ("1", "2"));
        let huge = format!(r#"{token},"totalFundAmount":18446744073709551615"#);
        assert_eq!(Cost::of(&campaign(&huge)), None);
        let endless = Cost::of(&campaign(&format!(r#"{token},"totalFundAmount":1"#))).unwrap();
        assert_eq!((endless.epochs, endless.campaign), (None, None));
    }

    #[test]
    fn points_cost_nothing() {
        assert_eq!(Cost::of(&campaign(r#""emissionType":"POINTS","totalFundAmount":5"#)), None);
    }

    #[test]
    fn the_schedule_ends_with_the_last_epoch() {
        let campaign =
            campaign(r#""emissionType":"SOL","totalFundAmount":5,"maxIterations":3,"gracePeriodSeconds":600"#);
        let epochs = schedule(&campaign, 1);
        assert_eq!(epochs.iter().map(|times| times.epoch).collect::<Vec<_>>(), [1, 2]);
        let start = 1_768_780_800 + 86_400;
        let pays_from = start + 86_400 + 600 + 86_400;
        let expected =
            EpochTimes { epoch: 1, start, end: start + 86_400, pays_from, pays_until: pays_from + 7 * 86_400 };
        assert_eq!(epochs[0], expected);
    }
}
