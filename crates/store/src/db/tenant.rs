//! What is bound to one account: every handle here carries the account into its statements.

use domain::core::ids::AccountId;

use crate::Tx;

/// A transaction or read that belongs to one account.
pub trait Tenant {
    /// The transaction and the account it is about.
    fn bound(&mut self) -> (&mut Tx, AccountId);

    /// The transaction, for what belongs to no account.
    fn tx(&mut self) -> &mut Tx {
        self.bound().0
    }
}

/// Gives a handle of statements, which has a transaction and an account, its way in: `Users::of(&mut change)`.
macro_rules! of_tenant {
    ($handle:ident) => {
        impl<'t> $handle<'t> {
            /// Those of this tenant.
            pub fn of(tenant: &'t mut (impl $crate::Tenant + ?Sized)) -> Self {
                let (tx, account) = tenant.bound();
                Self { tx, account }
            }
        }
    };
}
pub(crate) use of_tenant;

/// A transaction seen from one account, where the account comes from a secret and not from a path.
pub struct InAccount<'t> {
    /// The transaction.
    pub tx: &'t mut Tx,
    /// The account.
    pub account: AccountId,
}

impl Tenant for InAccount<'_> {
    fn bound(&mut self) -> (&mut Tx, AccountId) {
        (self.tx, self.account)
    }
}
