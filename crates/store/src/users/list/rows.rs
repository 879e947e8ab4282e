//! What a row of the list shows beside the user.

use domain::core::ids::{GroupId, SystemId, UserId};
use domain::core::timestamp::Timestamp;
use domain::systems::GrantedSystem;

use super::UserList;
use crate::{SqlText, StoreError};

impl UserList<'_> {
    /// The systems that users have directly or by groups, each once.
    pub async fn systems_of(
        &mut self,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<Vec<(UserId, GrantedSystem)>, StoreError> {
        let mut text = SqlText::new("SELECT g.user_id, g.system_id FROM system_grants g WHERE g.account_id = ");
        text.bind(&self.account).push(" AND g.user_id IN (").bind_all(users).push(")").holds("g", now);
        text.push(
            " UNION SELECT m.user_id, l.system_id FROM group_members m JOIN group_systems l ON l.account_id = m.account_id \
             AND l.group_id = m.group_id WHERE m.account_id = $1 AND m.user_id IN (",
        );
        text.bind_all(users).push(")").holds("m", now).holds("l", now);
        self.tx.sql(text).all().await
    }

    /// The names of the groups of users, in their order; only of those that give one of `systems` where these are given.
    pub async fn groups_of(
        &mut self,
        users: &[UserId],
        systems: Option<&[SystemId]>,
        now: Timestamp,
    ) -> Result<Vec<(UserId, String)>, StoreError> {
        let mut text = SqlText::new(
            "SELECT DISTINCT m.user_id, g.name, g.name_key FROM group_members m \
             JOIN groups g ON g.account_id = m.account_id AND g.id = m.group_id WHERE m.account_id = ",
        );
        text.bind(&self.account).push(" AND m.user_id IN (").bind_all(users).push(")").holds("m", now);
        if let Some(systems) = systems {
            text.push(" AND EXISTS (SELECT 1 FROM group_systems l WHERE l.account_id = $1 AND l.group_id = m.group_id");
            push_links(&mut text, systems, now);
            text.push(")");
        }
        text.push(" ORDER BY g.name_key");
        self.tx.sql(text).all().await
    }

    /// Those of these groups that give one of these systems.
    pub async fn groups_giving(
        &mut self,
        groups: &[GroupId],
        systems: &[SystemId],
        now: Timestamp,
    ) -> Result<Vec<GroupId>, StoreError> {
        let mut text = SqlText::new("SELECT DISTINCT l.group_id FROM group_systems l WHERE l.account_id = ");
        text.bind(&self.account).push(" AND l.group_id IN (").bind_all(groups).push(")");
        push_links(&mut text, systems, now);
        self.tx.sql(text).values().await
    }
}

/// The links `l` of groups that give one of these systems.
fn push_links(text: &mut SqlText, systems: &[SystemId], now: Timestamp) {
    text.push(" AND l.system_id IN (").bind_all(systems).push(")").holds("l", now);
}
