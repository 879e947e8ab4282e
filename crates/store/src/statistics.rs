//! What is counted in one account by day: what the charts over time are made of.

use std::fmt;
use std::str::FromStr;

use domain::core::ids::AccountId;
use domain::core::timestamp::Day;
use domain::sign_in::session::Assurance;
use domain::users::UserStatus;

use crate::db::tenant::of_tenant;
use crate::{StoreError, ToValue, Tx, record, text_column};

/// What is counted on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Metric {
    /// By how many the users of this status became more; negative where they became fewer.
    Users(UserStatus),
    /// How often people signed in like this.
    SignIns(Assurance),
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Users(status) => write!(f, "users.{status}"),
            Self::SignIns(assurance) => write!(f, "sign_ins.{assurance}"),
        }
    }
}

/// A metric that this version does not know.
#[derive(Debug, thiserror::Error)]
#[error("not a metric")]
pub struct UnknownMetric;

impl FromStr for Metric {
    type Err = UnknownMetric;
    fn from_str(text: &str) -> Result<Self, UnknownMetric> {
        match text.split_once('.') {
            Some(("users", status)) => status.parse().map(Self::Users).map_err(|_| UnknownMetric),
            Some(("sign_ins", assurance)) => assurance.parse().map(Self::SignIns).map_err(|_| UnknownMetric),
            Some(_) | None => Err(UnknownMetric),
        }
    }
}

text_column!(Metric);

/// A count of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DailyStatistic {
    /// The day.
    pub day: Day,
    /// What was counted.
    pub metric: Metric,
    /// How much.
    pub amount: i64,
}

record!(DailyStatistic { day, metric, amount });

/// The counts of one account by day.
pub struct DailyStatistics<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

of_tenant!(DailyStatistics);

impl DailyStatistics<'_> {
    /// Adds to counts of a day.
    pub async fn add(&mut self, day: Day, amounts: &[(Metric, i64)]) -> Result<(), StoreError> {
        let account = self.account;
        let row = |(metric, amount): &(Metric, i64)| {
            [account.to_value(), day.to_value(), metric.to_value(), amount.to_value()]
        };
        self.tx
            .insert_many(
                "INSERT INTO daily_statistics (account_id, day, metric, amount)",
                "ON CONFLICT (account_id, day, metric) DO UPDATE SET amount = daily_statistics.amount + excluded.amount",
                amounts.iter().map(row),
            )
            .await?;
        Ok(())
    }

    /// The counts of this day and those after it, by day.
    pub async fn since(&mut self, day: Day) -> Result<Vec<DailyStatistic>, StoreError> {
        self.tx
            .sql("SELECT day, metric, amount FROM daily_statistics WHERE account_id = $1 AND day >= $2 ORDER BY day, metric")
            .bind(&self.account)
            .bind(&day)
            .all()
            .await
    }
}
