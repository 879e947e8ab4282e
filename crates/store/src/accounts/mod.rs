//! Accounts. Their own row is the lock of everything in them.

pub mod logos;

use domain::access::role::RoleId;
use domain::accounts::seats::Seats;
use domain::accounts::settings::AccountSettings;
use domain::accounts::{Account, AccountKind};
use domain::core::ids::AccountId;
use domain::core::slug::Slug;
use domain::users::{LoginMethod, UserStatus};

use crate::db::tenant::of_tenant;
use crate::{StoreError, Tx, record, text_column};

text_column!(AccountKind);
record!(Account {
    id,
    slug,
    name,
    kind,
    settings,
    settings_version,
    version,
    event_count,
    event_head,
    event_seal,
    created_at
});

/// All accounts of the installation: for sign-in, setup and the command line.
pub struct Accounts<'t>(pub &'t mut Tx);

impl Accounts<'_> {
    /// Adds an account.
    pub async fn insert(&mut self, account: &Account) -> Result<(), StoreError> {
        self.0
            .sql(
                "INSERT INTO accounts (id, slug, name, kind, settings, settings_version, version, event_count, event_head, \
                 event_seal, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            )
            .bind(&account.id)
            .bind(&account.slug)
            .bind(&account.name)
            .bind(&account.kind)
            .bind(&account.settings)
            .bind(&account.settings_version)
            .bind(&account.version)
            .bind(&account.event_count)
            .bind(&account.event_head)
            .bind(&account.event_seal)
            .bind(&account.created_at)
            .run()
            .await?;
        Ok(())
    }

    /// An account by its id.
    pub async fn find(&mut self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.0.sql("SELECT * FROM accounts WHERE id = $1").bind(&id).one().await
    }

    /// An account by its name in addresses.
    pub async fn find_by_slug(&mut self, slug: &Slug) -> Result<Option<Account>, StoreError> {
        self.0.sql("SELECT * FROM accounts WHERE slug = $1").bind(slug).one().await
    }

    /// How often anything in an account was changed.
    pub async fn version(&mut self, id: AccountId) -> Result<Option<i64>, StoreError> {
        let found = self.0.sql("SELECT version FROM accounts WHERE id = $1").bind(&id).one::<(i64,)>().await?;
        Ok(found.map(|(version,)| version))
    }

    /// All accounts, by slug.
    pub async fn list(&mut self) -> Result<Vec<Account>, StoreError> {
        self.0.sql("SELECT * FROM accounts ORDER BY slug").all().await
    }

    /// The ids of all accounts, in their order.
    pub async fn ids(&mut self) -> Result<Vec<AccountId>, StoreError> {
        self.0.sql("SELECT id FROM accounts ORDER BY id").values().await
    }

    /// The ids of those whose activity log is there, but not they themselves.
    pub async fn missing(&mut self) -> Result<Vec<String>, StoreError> {
        self.0
            .sql(
                "SELECT DISTINCT e.account_id /* all accounts: finds those that were removed from outside */ FROM events e \
                 WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = e.account_id) ORDER BY e.account_id",
            )
            .values()
            .await
    }

    /// How many there are.
    pub async fn count(&mut self) -> Result<i64, StoreError> {
        self.0.sql("SELECT COUNT(*) FROM accounts").value().await
    }

    /// Takes the account's row until the end of the transaction, so that whatever spans several rows (last admin, seats,
    /// the chain of events) is decided by one change at a time.
    pub async fn lock(&mut self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.0.sql("UPDATE accounts SET version = version + 1 WHERE id = $1 RETURNING *").bind(&id).one().await
    }

    /// Writes name, slug and settings, and counts their version up.
    pub async fn update(
        &mut self,
        id: AccountId,
        name: &str,
        slug: &Slug,
        settings: &AccountSettings,
    ) -> Result<(), StoreError> {
        self.0
            .sql("UPDATE accounts SET name = $2, slug = $3, settings = $4, settings_version = settings_version + 1 WHERE id = $1")
            .bind(&id)
            .bind(name)
            .bind(slug)
            .bind(settings)
            .run()
            .await?;
        Ok(())
    }

    /// Moves the end of the account's chain of events, with its seal.
    pub async fn advance_events(
        &mut self,
        id: AccountId,
        count: i64,
        head: &str,
        seal: &str,
    ) -> Result<(), StoreError> {
        self.0
            .sql("UPDATE accounts SET event_count = $2, event_head = $3, event_seal = $4 WHERE id = $1")
            .bind(&id)
            .bind(&count)
            .bind(head)
            .bind(seal)
            .run()
            .await?;
        Ok(())
    }
}

/// How many users of one status, role and login method an account has.
#[derive(Debug, Clone, PartialEq)]
pub struct UserCount {
    /// Their status.
    pub status: UserStatus,
    /// Their role.
    pub role_id: RoleId,
    /// How they sign in.
    pub login_method: LoginMethod,
    /// How many.
    pub users: i64,
}

record!(UserCount { status, role_id, login_method, users });

/// The seats that these users take.
pub fn seats_of(counts: &[UserCount]) -> Seats {
    let of = |status| counts.iter().filter(|count| count.status == status).map(|count| count.users).sum::<i64>();
    Seats {
        active: u64::try_from(of(UserStatus::Active)).unwrap_or_default(),
        pending: u64::try_from(of(UserStatus::Provisioned)).unwrap_or_default(),
    }
}

/// The kept counts of an account's users.
pub struct KeptCounts<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

of_tenant!(KeptCounts);

impl KeptCounts<'_> {
    /// All counts that are not zero.
    pub async fn all(&mut self) -> Result<Vec<UserCount>, StoreError> {
        self.tx
            .sql("SELECT status, role_id, login_method, users FROM user_counts WHERE account_id = $1 AND users <> 0")
            .bind(&self.account)
            .all()
            .await
    }

    /// The seats as they are taken now.
    pub async fn seats(&mut self) -> Result<Seats, StoreError> {
        Ok(seats_of(&self.all().await?))
    }

    /// Adds `change` (which may be negative) to one count.
    pub async fn add(
        &mut self,
        status: UserStatus,
        role: &RoleId,
        method: &LoginMethod,
        change: i64,
    ) -> Result<(), StoreError> {
        self.tx
            .sql(
                "INSERT INTO user_counts (account_id, status, role_id, login_method, users) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (account_id, status, role_id, login_method) DO UPDATE SET users = user_counts.users + excluded.users",
            )
            .bind(&self.account)
            .bind(&status)
            .bind(role)
            .bind(method)
            .bind(&change)
            .run()
            .await?;
        Ok(())
    }
}
