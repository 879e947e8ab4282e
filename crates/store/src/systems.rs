//! The systems of one account, and who has them.

use domain::core::ids::{AccountId, EnvironmentId, GroupId, SystemId, UserId};
use domain::core::search_text::search_key;
use domain::core::timestamp::Timestamp;
use domain::systems::{Environment, EnvironmentKind, GrantSource, GrantedSystem, Platform, Span, System, SystemGrant};

use crate::db::tenant::of_tenant;
use crate::{SqlText, StoreError, ToValue, Tx, Value, record, text_column};

text_column!(EnvironmentId, EnvironmentKind, GrantSource, GrantedSystem, Platform);
record!(Environment { id, system_id, name, kind, created_at });
record!(System { id, name, platform, created_at, deleted_at, version });
record!(SystemGrant { user_id, system_id, source, source_id, role_id, granted_by, granted_at, starts_at, ends_at });

/// The systems of one account.
pub struct Systems<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

of_tenant!(Systems);

impl Systems<'_> {
    /// Adds a system.
    pub async fn insert(&mut self, system: &System) -> Result<(), StoreError> {
        self.tx
            .sql("INSERT INTO systems (account_id, id, name, name_key, platform, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(&self.account)
            .bind(&system.id)
            .bind(&system.name)
            .bind(&search_key(&system.name))
            .bind(&system.platform)
            .bind(&system.created_at)
            .bind(&system.version)
            .run()
            .await?;
        Ok(())
    }

    /// Adds an environment of a system.
    pub async fn insert_environment(&mut self, environment: &Environment) -> Result<(), StoreError> {
        self.tx
            .sql("INSERT INTO environments (account_id, id, system_id, name, name_key, kind, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(&self.account)
            .bind(&environment.id)
            .bind(&environment.system_id)
            .bind(&environment.name)
            .bind(&search_key(&environment.name))
            .bind(&environment.kind)
            .bind(&environment.created_at)
            .run()
            .await?;
        Ok(())
    }

    /// The environments of all systems, those that are not deleted.
    pub async fn environments(&mut self) -> Result<Vec<Environment>, StoreError> {
        self.tx
            .sql("SELECT * FROM environments WHERE account_id = $1 AND deleted_at IS NULL ORDER BY system_id, id")
            .bind(&self.account)
            .all()
            .await
    }

    /// A system that is not deleted.
    pub async fn find(&mut self, id: SystemId) -> Result<Option<System>, StoreError> {
        self.tx
            .sql("SELECT * FROM systems WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL")
            .bind(&self.account)
            .bind(&id)
            .one()
            .await
    }

    /// All systems that are not deleted, by name.
    pub async fn list(&mut self) -> Result<Vec<System>, StoreError> {
        self.tx
            .sql("SELECT * FROM systems WHERE account_id = $1 AND deleted_at IS NULL ORDER BY name_key")
            .bind(&self.account)
            .all()
            .await
    }

    /// A page of the systems that are not deleted, by name: those after the name `after` with `text` in their name, of `own`
    /// only where these are given.
    pub async fn page(
        &mut self,
        text: &str,
        own: Option<&[SystemId]>,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<System>, StoreError> {
        let mut sql = SqlText::new("SELECT * FROM systems WHERE account_id = ");
        sql.bind(&self.account).push(" AND deleted_at IS NULL AND name_key > ").bind(after.unwrap_or_default());
        if !text.is_empty() {
            sql.push(" AND name_key").contains(&search_key(text));
        }
        if let Some(own) = own {
            sql.push(" AND id IN (").bind_all(own).push(")");
        }
        sql.push(" ORDER BY name_key LIMIT ").bind(&limit);
        self.tx.sql(sql).all().await
    }

    /// Renames a system and counts its version up. False when someone changed it in the meantime.
    pub async fn rename(&mut self, id: SystemId, version: i64, name: &str) -> Result<bool, StoreError> {
        let touched = self
            .tx
            .sql("UPDATE systems SET name = $4, name_key = $5, version = version + 1 WHERE account_id = $1 AND id = $2 AND version = $3")
            .bind(&self.account)
            .bind(&id)
            .bind(&version)
            .bind(name)
            .bind(&search_key(name))
            .run()
            .await?;
        Ok(touched == 1)
    }

    /// How many users have each of these systems at `now`, directly or by a group; counted to a little more than
    /// [`MOST_COUNTED`], so that a list of systems costs the same with a million people.
    pub async fn user_counts(
        &mut self,
        systems: &[SystemId],
        now: Timestamp,
    ) -> Result<Vec<(SystemId, i64)>, StoreError> {
        let mut text = SqlText::new(
            "SELECT s.id, (SELECT COUNT(*) FROM ( \
             SELECT user_id FROM (SELECT g.user_id FROM system_grants g \
               JOIN users u ON u.account_id = g.account_id AND u.id = g.user_id AND u.status <> 'deleted' \
               WHERE g.account_id = $1 AND g.system_id = s.id \
               AND g.ended_at IS NULL AND COALESCE(g.starts_at, 0) <= $2 AND COALESCE(g.ends_at, 9223372036854775807) > $2 LIMIT 10001) AS direct \
             UNION SELECT user_id FROM (SELECT m.user_id FROM group_systems l \
               JOIN group_members m ON m.account_id = l.account_id AND m.group_id = l.group_id \
               JOIN users u ON u.account_id = m.account_id AND u.id = m.user_id AND u.status <> 'deleted' \
               WHERE l.account_id = $1 AND l.system_id = s.id \
               AND m.ended_at IS NULL AND l.ended_at IS NULL AND COALESCE(m.starts_at, 0) <= $2 AND COALESCE(m.ends_at, 9223372036854775807) > $2 \
               AND COALESCE(l.starts_at, 0) <= $2 AND COALESCE(l.ends_at, 9223372036854775807) > $2 LIMIT 10001) AS by_group \
             UNION SELECT user_id FROM (SELECT g.user_id FROM system_grants g \
               JOIN users u ON u.account_id = g.account_id AND u.id = g.user_id AND u.status <> 'deleted' \
               WHERE g.account_id = $1 AND g.system_id = 'all' \
               AND g.ended_at IS NULL AND COALESCE(g.starts_at, 0) <= $2 AND COALESCE(g.ends_at, 9223372036854775807) > $2 LIMIT 10001) AS by_all) AS counted) \
             FROM systems s WHERE s.account_id = $1 AND s.id IN (",
        );
        text.bind_ahead(&self.account).bind_ahead(&now).bind_all(systems).push(")");
        self.tx.sql(text).all().await
    }
}

/// Users of a system are counted exactly up to here.
pub const MOST_COUNTED: i64 = 10_000;

/// A system that a user has by a group.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupSystem {
    /// The system.
    pub system_id: SystemId,
    /// The group that links it.
    pub group_id: GroupId,
    /// The group's name.
    pub group_name: String,
    /// Why the user is in the group.
    pub source: GrantSource,
    /// Who put the user into it.
    pub granted_by: String,
    /// Since when the user is in it.
    pub granted_at: Timestamp,
    /// The membership holds from then on.
    pub starts_at: Option<Timestamp>,
    /// The membership holds until then.
    pub ends_at: Option<Timestamp>,
    /// The group has the system from then on.
    pub link_starts_at: Option<Timestamp>,
    /// The group has the system until then.
    pub link_ends_at: Option<Timestamp>,
}

record!(GroupSystem {
    system_id,
    group_id,
    group_name,
    source,
    granted_by,
    granted_at,
    starts_at,
    ends_at,
    link_starts_at,
    link_ends_at,
});

impl GroupSystem {
    /// When the user is in the group, and when the group has the system; both must hold.
    pub const fn spans(&self) -> [Span; 2] {
        [
            Span { starts_at: self.starts_at, ends_at: self.ends_at },
            Span { starts_at: self.link_starts_at, ends_at: self.link_ends_at },
        ]
    }
}

/// Who has which systems in one account.
pub struct SystemGrants<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

of_tenant!(SystemGrants);

impl SystemGrants<'_> {
    /// Adds grants, many at a time; one that exists already stays as it is.
    pub async fn insert(&mut self, grants: &[SystemGrant]) -> Result<(), StoreError> {
        let account = self.account;
        self.tx
            .insert_many(
                "INSERT INTO system_grants (account_id, user_id, system_id, source, source_id, role_id, granted_by, granted_at, starts_at, ends_at)",
                "ON CONFLICT (account_id, user_id, system_id, source, source_id) WHERE ended_at IS NULL DO NOTHING",
                grants.iter().map(|grant| row(account, grant)),
            )
            .await?;
        Ok(())
    }

    /// Takes away from users what exactly these grants give, whatever their source. The grants stay in the history.
    pub async fn end(
        &mut self,
        users: &[UserId],
        systems: &[GrantedSystem],
        ended_by: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for chunk in users.chunks(400) {
            let mut text = SqlText::new("UPDATE system_grants SET ended_by = $2, ended_at = $3 WHERE account_id = ");
            text.bind(&self.account).bind_ahead(ended_by).bind_ahead(&now);
            text.push(" AND ended_at IS NULL AND user_id IN (").bind_all(chunk);
            text.push(") AND system_id IN (").bind_all(systems).push(")");
            self.tx.sql(text).run().await?;
        }
        Ok(())
    }

    /// Takes everything away from a user who is purged, and the history with it.
    pub async fn remove_all_of(&mut self, user: UserId) -> Result<u64, StoreError> {
        self.tx
            .sql("DELETE FROM system_grants WHERE account_id = $1 AND user_id = $2")
            .bind(&self.account)
            .bind(&user)
            .run()
            .await
    }

    /// The grants of these users that hold at `now`, for systems that are not deleted.
    pub async fn of_users(&mut self, users: &[UserId], now: Timestamp) -> Result<Vec<SystemGrant>, StoreError> {
        let mut found = Vec::new();
        for chunk in users.chunks(400) {
            let mut text = SqlText::new(
                "SELECT g.* FROM system_grants g LEFT JOIN systems s ON s.account_id = g.account_id AND s.id = g.system_id \
                 AND s.deleted_at IS NULL WHERE g.account_id = ",
            );
            text.bind(&self.account).push(" AND (s.id IS NOT NULL OR g.system_id = 'all')");
            text.push(" AND g.user_id IN (").bind_all(chunk).push(")").holds("g", now);
            found.extend(self.tx.sql(text).all::<SystemGrant>().await?);
        }
        Ok(found)
    }

    /// The systems that these users have by groups at `now`; doubled where several groups link one.
    pub async fn by_groups_of_all(
        &mut self,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<Vec<(UserId, SystemId)>, StoreError> {
        let mut found = Vec::new();
        for chunk in users.chunks(400) {
            let mut text = SqlText::new(
                "SELECT m.user_id, l.system_id FROM group_members m \
                 JOIN group_systems l ON l.account_id = m.account_id AND l.group_id = m.group_id \
                 JOIN systems s ON s.account_id = l.account_id AND s.id = l.system_id AND s.deleted_at IS NULL \
                 WHERE m.account_id = ",
            );
            text.bind(&self.account)
                .push(" AND m.user_id IN (")
                .bind_all(chunk)
                .push(")")
                .holds("m", now)
                .holds("l", now);
            found.extend(self.tx.sql(text).all::<(UserId, SystemId)>().await?);
        }
        Ok(found)
    }

    /// Every grant of a user that was not ended, whenever it holds, for systems that are not deleted.
    pub async fn all_of(&mut self, user: UserId) -> Result<Vec<SystemGrant>, StoreError> {
        self.tx
            .sql(
                "SELECT g.* FROM system_grants g LEFT JOIN systems s ON s.account_id = g.account_id AND s.id = g.system_id \
                 AND s.deleted_at IS NULL WHERE g.account_id = $1 AND g.user_id = $2 \
                 AND g.ended_at IS NULL AND (s.id IS NOT NULL OR g.system_id = 'all')",
            )
            .bind(&self.account)
            .bind(&user)
            .all()
            .await
    }

    /// The systems that a user has by groups, whenever that holds.
    pub async fn by_groups_of(&mut self, user: UserId) -> Result<Vec<GroupSystem>, StoreError> {
        self.tx
            .sql(
                "SELECT l.system_id, m.group_id, g.name AS group_name, m.source, m.granted_by, m.granted_at, m.starts_at, m.ends_at, \
                 l.starts_at AS link_starts_at, l.ends_at AS link_ends_at FROM group_members m \
                 JOIN groups g ON g.account_id = m.account_id AND g.id = m.group_id \
                 JOIN group_systems l ON l.account_id = m.account_id AND l.group_id = m.group_id \
                 JOIN systems s ON s.account_id = l.account_id AND s.id = l.system_id AND s.deleted_at IS NULL \
                 WHERE m.account_id = $1 AND m.user_id = $2 AND m.ended_at IS NULL AND l.ended_at IS NULL",
            )
            .bind(&self.account)
            .bind(&user)
            .all()
            .await
    }
}

fn row(account: AccountId, grant: &SystemGrant) -> [Value; 10] {
    [
        account.to_value(),
        grant.user_id.to_value(),
        grant.system_id.to_value(),
        grant.source.to_value(),
        grant.source_id.to_value(),
        grant.role_id.to_value(),
        grant.granted_by.to_value(),
        grant.granted_at.to_value(),
        grant.starts_at.to_value(),
        grant.ends_at.to_value(),
    ]
}
