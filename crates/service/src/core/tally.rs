//! What a change counts: users in and out, sign-ins. Written with the change, so that no one ever has to count.

use std::collections::HashMap;

use domain::access::role::RoleId;
use domain::core::timestamp::Timestamp;
use domain::sign_in::session::Assurance;
use domain::users::{LoginMethod, User, UserStatus};
use store::accounts::KeptCounts;
use store::statistics::{DailyStatistics, Metric};
use store::{StoreError, Tenant};

/// What a change counts.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    users: HashMap<(UserStatus, RoleId, LoginMethod), i64>,
    sign_ins: Vec<Assurance>,
}

impl Tally {
    /// Counts a user in (1) or out (-1).
    pub(crate) fn user(&mut self, user: &User, by: i64) {
        let key = (user.status, user.role_id.clone(), user.login_method.clone());
        *self.users.entry(key).or_default() += by;
    }

    /// Counts a sign-in.
    pub(crate) fn sign_in(&mut self, assurance: Assurance) {
        self.sign_ins.push(assurance);
    }

    /// Writes it all, in an order that is always the same.
    pub(crate) async fn write(self, tenant: &mut impl Tenant, now: Timestamp) -> Result<(), StoreError> {
        let daily = self.daily();
        let mut counts: Vec<_> = self.users.into_iter().filter(|(_, by)| *by != 0).collect();
        counts.sort_by(|(a, _), (b, _)| (a.0, &a.1).cmp(&(b.0, &b.1)));
        for ((status, role, method), by) in counts {
            KeptCounts::of(tenant).add(status, &role, &method, by).await?;
        }
        DailyStatistics::of(tenant).add(now.day(), &daily).await
    }

    fn daily(&self) -> Vec<(Metric, i64)> {
        let users = UserStatus::ALL.iter().map(|status| {
            let gained = self.users.iter().filter(|((of, _, _), _)| of == status).map(|(_, by)| by).sum();
            (Metric::Users(*status), gained)
        });
        let sign_ins = Assurance::ALL.iter().map(|assurance| {
            let times = self.sign_ins.iter().filter(|of| *of == assurance).count();
            (Metric::SignIns(*assurance), i64::try_from(times).unwrap_or(i64::MAX))
        });
        users.chain(sign_ins).filter(|(_, amount)| *amount != 0).collect()
    }
}
