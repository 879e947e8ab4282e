//! What the activity log can say happened, and to what: the words that the API publishes and the console filters by.

use crate::words;

/// What an entry says happened. Whoever writes an entry names one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Someone was invited, or invited anew.
    UserInvited,
    /// Someone accepted an invitation.
    UserActivated,
    /// Name, role, systems or login method of a user.
    UserChanged,
    /// A user may not come in anymore.
    UserDisabled,
    /// A disabled user may come in again.
    UserEnabled,
    /// A user was deleted, and can be restored.
    UserDeleted,
    /// A deleted user was restored.
    UserRestored,
    /// A deleted user is gone for good.
    UserPurged,
    /// An admin ended every session of a user.
    UserSignedOut,
    /// The operator let someone back in.
    UserRecoveryLinkMade,
    /// An invitation was sent again.
    InvitationResent,
    /// A pending invitation was taken back.
    InvitationRevoked,
    /// Someone came into the account.
    SessionStarted,
    /// One session was ended, by its person or by an admin.
    SessionEnded,
    /// Someone ended all their other sessions.
    SessionAllEnded,
    /// Wrong passwords, summed up.
    SignInFailed,
    /// Someone changed their password.
    PasswordChanged,
    /// Someone chose a new password by a link.
    PasswordReset,
    /// A link to choose a new password was asked for.
    PasswordResetRequested,
    /// Someone changed their name or language.
    IdentityChanged,
    /// The account was made.
    AccountCreated,
    /// Name, address or settings of the account.
    AccountChanged,
    /// The account has a new logo.
    AccountLogoChanged,
    /// The account has no logo anymore.
    AccountLogoRemoved,
    /// The account was filled with made-up people.
    AccountDemoFilled,
    /// A system was made.
    SystemCreated,
    /// A system has another name.
    SystemRenamed,
    /// The list of users was taken away as a file.
    UsersExported,
    /// The activity log was taken away as a file.
    EventsExported,
    /// A filter of the list of users was kept.
    ViewSaved,
    /// A kept filter was deleted.
    ViewDeleted,
    /// Long work was started.
    JobQueued,
    /// Long work was called off.
    JobCanceled,
    /// Long work changed nothing.
    JobFailed,
    /// The installation goes on from a backup.
    InstallationRestored,
    /// The installation has another secret key.
    InstallationKeyReplaced,
}

words!(Action {
    UserInvited = "user.invited",
    UserActivated = "user.activated",
    UserChanged = "user.changed",
    UserDisabled = "user.disabled",
    UserEnabled = "user.enabled",
    UserDeleted = "user.deleted",
    UserRestored = "user.restored",
    UserPurged = "user.purged",
    UserSignedOut = "user.signed_out",
    UserRecoveryLinkMade = "user.recovery_link_made",
    InvitationResent = "invitation.resent",
    InvitationRevoked = "invitation.revoked",
    SessionStarted = "session.started",
    SessionEnded = "session.ended",
    SessionAllEnded = "session.all_ended",
    SignInFailed = "sign_in.failed",
    PasswordChanged = "password.changed",
    PasswordReset = "password.reset",
    PasswordResetRequested = "password.reset_requested",
    IdentityChanged = "identity.changed",
    AccountCreated = "account.created",
    AccountChanged = "account.changed",
    AccountLogoChanged = "account.logo_changed",
    AccountLogoRemoved = "account.logo_removed",
    AccountDemoFilled = "account.demo_filled",
    SystemCreated = "system.created",
    SystemRenamed = "system.renamed",
    UsersExported = "users.exported",
    EventsExported = "events.exported",
    ViewSaved = "view.saved",
    ViewDeleted = "view.deleted",
    JobQueued = "job.queued",
    JobCanceled = "job.canceled",
    JobFailed = "job.failed",
    InstallationRestored = "installation.restored",
    InstallationKeyReplaced = "installation.key_replaced",
});

/// What kind of thing an entry says it happened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TargetKind {
    /// The account itself.
    Account,
    /// Long work.
    Job,
    /// A system.
    System,
    /// A user, also where their own sign-in changed.
    User,
    /// A kept filter of the list of users.
    View,
}

words!(TargetKind { Account = "account", Job = "job", System = "system", User = "user", View = "view" });
