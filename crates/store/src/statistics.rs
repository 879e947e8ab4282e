//! Figures of one account by day: what the pictures over time are made of.

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
pub enum Figure {
    /// By how many the users of this status became more; negative where they became fewer.
    Users(UserStatus),
    /// How often people signed in like this.
    SignIns(Assurance),
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Users(status) => write!(f, "users.{status}"),
            Self::SignIns(assurance) => write!(f, "sign_ins.{assurance}"),
        }
    }
}

/// A figure that this version does not know.
#[derive(Debug, thiserror::Error)]
#[error("not a figure")]
pub struct UnknownFigure;

impl FromStr for Figure {
    type Err = UnknownFigure;
    fn from_str(text: &str) -> Result<Self, UnknownFigure> {
        match text.split_once('.') {
            Some(("users", status)) => status.parse().map(Self::Users).map_err(|_| UnknownFigure),
            Some(("sign_ins", assurance)) => assurance.parse().map(Self::SignIns).map_err(|_| UnknownFigure),
            Some(_) | None => Err(UnknownFigure),
        }
    }
}

text_column!(Figure);

/// A figure of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DailyFigure {
    /// The day.
    pub day: Day,
    /// What was counted.
    pub figure: Figure,
    /// How much.
    pub amount: i64,
}

record!(DailyFigure { day, figure, amount });

/// The figures of one account by day.
pub struct DailyFigures<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

of_tenant!(DailyFigures);

impl DailyFigures<'_> {
    /// Adds to figures of a day.
    pub async fn add(&mut self, day: Day, amounts: &[(Figure, i64)]) -> Result<(), StoreError> {
        let account = self.account;
        let row = |(figure, amount): &(Figure, i64)| {
            [account.to_value(), day.to_value(), figure.to_value(), amount.to_value()]
        };
        self.tx
            .insert_many(
                "INSERT INTO daily_figures (account_id, day, figure, amount)",
                "ON CONFLICT (account_id, day, figure) DO UPDATE SET amount = daily_figures.amount + excluded.amount",
                amounts.iter().map(row),
            )
            .await?;
        Ok(())
    }

    /// The figures of this day and those after it, by day.
    pub async fn since(&mut self, day: Day) -> Result<Vec<DailyFigure>, StoreError> {
        self.tx
            .sql("SELECT day, figure, amount FROM daily_figures WHERE account_id = $1 AND day >= $2 ORDER BY day, figure")
            .bind(&self.account)
            .bind(&day)
            .all()
            .await
    }
}
