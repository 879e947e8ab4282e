//! Who lives in the small account.

use domain::access::role::RoleId;
use domain::users::UserStatus;

use super::account::DemoPerson;
use crate::core::app::App;

/// The domain of everyone's address; no one can own it (RFC 2606).
const DOMAIN: &str = "demo.example";

/// Someone of the small account.
pub struct Inhabitant {
    /// The user's name.
    pub name: &'static str,
    /// Key of their role.
    pub role: &'static str,
    /// How their story ends.
    pub status: UserStatus,
    /// How many of the systems they have; the admin has all.
    pub systems: usize,
}

const fn person(name: &'static str, role: &'static str, status: UserStatus, systems: usize) -> Inhabitant {
    Inhabitant { name, role, status, systems }
}

/// The systems of the small account.
pub const SYSTEMS: [&str; 11] = [
    "CRM",
    "Human Resources",
    "Expenses",
    "Help Desk",
    "Warehouse",
    "Payroll",
    "Intranet",
    "Learning",
    "Procurement",
    "Travel",
    "Customer Portal",
];

use UserStatus::{Active, Deleted, Inactive, Provisioned};

/// Everyone, in the order in which they came.
pub const PEOPLE: [Inhabitant; 30] = [
    person("Ada Admin", "admin", Active, 11),
    person("Carl Content", "content_manager", Active, 6),
    person("Bea Builder", "builder", Active, 4),
    person("Paul Publisher", "publisher", Active, 3),
    person("Cora Creator", "content_creator", Active, 2),
    person("Vera Viewer", "content_viewer", Active, 2),
    person("Anton Analyst", "analyst", Active, 5),
    person("Tina Translator", "translator", Active, 3),
    person("Sam Systems", "system_manager", Active, 2),
    person("Alma Deputy", "admin", Active, 11),
    person("Björn Ångström", "builder", Active, 3),
    person("Chloé Dubois", "content_creator", Active, 1),
    person("Dmitri Volkov", "builder", Active, 2),
    person("Emeka Okafor", "publisher", Active, 4),
    person("Fatima Zahra", "content_manager", Active, 5),
    person("Giulia Rossi", "translator", Active, 2),
    person("Hiro Tanaka", "analyst", Active, 6),
    person("Ines Pereira", "content_viewer", Active, 1),
    person("Jürgen Groß", "builder", Active, 2),
    person("Kemal Yıldız", "content_viewer", Active, 3),
    person("Lena Novak", "content_creator", Provisioned, 2),
    person("Mateo García", "builder", Provisioned, 1),
    person("Nadia Haddad", "translator", Provisioned, 1),
    person("Oskar Lind", "content_viewer", Provisioned, 0),
    person("Priya Sharma", "publisher", Inactive, 2),
    person("Quentin Moreau", "content_creator", Inactive, 1),
    person("Rosa Jiménez", "analyst", Inactive, 3),
    person("Stefan Weiß", "builder", Deleted, 2),
    person("Tomasz Wójcik", "content_viewer", Deleted, 1),
    person("Uma Nair", "system_manager", Deleted, 1),
];

impl Inhabitant {
    /// The first name is enough: no one shares one.
    pub fn email(&self) -> String {
        let first = self.name.split(' ').next().unwrap_or_default().to_lowercase();
        let plain = |letter: char| match letter {
            'ö' => 'o',
            'é' => 'e',
            'ü' => 'u',
            other => other,
        };
        format!("{}@{DOMAIN}", first.chars().map(plain).collect::<String>())
    }
}

/// One active person of each role.
pub fn to_sign_in_as(app: &App) -> Vec<DemoPerson> {
    const ROLES: usize = 9;
    let name_of = |key: &str| {
        let role = key.parse::<RoleId>().ok().and_then(|id| app.catalog.role(&id));
        role.map_or_else(|| key.to_owned(), |role| role.name.clone())
    };
    PEOPLE.iter().take(ROLES).map(|person| DemoPerson { email: person.email(), role: name_of(person.role) }).collect()
}
