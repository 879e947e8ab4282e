//! The catalog: the vendor's list of permissions and predefined roles, read from a file at start.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::access::role::{Role, RoleId, RoleKind};
use crate::access::{Grant, Level, Levels, MAX_PERMISSIONS, OWN_PERMISSIONS, Permission, Reach};
use crate::words;

/// The catalog that is shipped inside the binary.
pub const DEFAULT_CATALOG: &str = include_str!("../../../../catalog/default.toml");

/// The four kinds of permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// About the account itself: people, roles, systems, security.
    Administrative,
    /// About what is made in the editor.
    Content,
    /// About analytics.
    Data,
    /// About putting content before people.
    Publishing,
}

words!(Category {
    Administrative = "administrative",
    Content = "content",
    Data = "data",
    Publishing = "publishing",
});

/// One entry of the catalog.
#[derive(Debug, Clone, PartialEq)]
pub struct PermissionEntry {
    /// Its place, which the bit sets use.
    pub permission: Permission,
    /// Stable key for programs.
    pub key: String,
    /// Which of the four kinds.
    pub category: Category,
    /// Shown to people.
    pub name: String,
    /// What it allows.
    pub description: String,
    /// The levels that it can have, weakest first.
    pub levels: Vec<Level>,
}

/// Why a catalog file was refused, with the line (counted from 1).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct CatalogError {
    /// Line in the file.
    pub line: usize,
    /// What is wrong there.
    pub reason: String,
}

/// Permissions and predefined roles, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalog {
    permissions: Vec<PermissionEntry>,
    roles: Vec<Role>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    permission: Vec<Spanned<FilePermission>>,
    #[serde(default)]
    role: Vec<Spanned<FileRole>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePermission {
    key: Spanned<String>,
    category: Category,
    name: String,
    description: String,
    levels: Spanned<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRole {
    key: Spanned<String>,
    name: String,
    description: String,
    #[serde(default)]
    levels: BTreeMap<Spanned<String>, Spanned<String>>,
}

/// Turns a byte offset into an error with its line.
struct Lines<'t>(&'t str);

impl Lines<'_> {
    fn refuse(&self, offset: usize, reason: impl Into<String>) -> CatalogError {
        let line = self.0.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1;
        CatalogError { line, reason: reason.into() }
    }
}

impl Catalog {
    /// The catalog of the binary.
    ///
    /// # Errors
    /// Never for a binary whose tests passed: one of them reads it.
    pub fn shipped() -> Result<Self, CatalogError> {
        Self::parse(DEFAULT_CATALOG)
    }

    /// Reads a catalog file (TOML).
    ///
    /// # Errors
    /// The first thing that is wrong, with its line: syntax, unknown field, doubled key, a level that the permission does
    /// not have, one of the server's own permissions missing, no `admin` role with everything.
    pub fn parse(text: &str) -> Result<Self, CatalogError> {
        let lines = Lines(text);
        let file: File = toml::from_str(text)
            .map_err(|error| lines.refuse(error.span().map_or(0, |span| span.start), error.message()))?;
        let permissions = read_permissions(file.permission, &lines)?;
        let roles = read_roles(file.role, &permissions, &lines)?;
        let catalog = Self { permissions, roles };
        catalog.check_admin(&lines)?;
        Ok(catalog)
    }

    fn check_admin(&self, lines: &Lines<'_>) -> Result<(), CatalogError> {
        let everything = self.permissions.iter().fold(Levels::NONE, |levels, entry| {
            let level = entry.levels.last().copied().unwrap_or(Level::None);
            levels.with(entry.permission, Grant { level, reach: Reach::Account })
        });
        match self.role(&RoleId::admin()) {
            Some(admin) if everything.within(&admin.levels) => Ok(()),
            Some(_) => Err(lines.refuse(0, "The role `admin` must include every permission at its highest level.")),
            None => Err(lines.refuse(0, "The role `admin` is missing. The first user gets it.")),
        }
    }

    /// All permissions, in the order of the file with the server's own first.
    pub fn permissions(&self) -> &[PermissionEntry] {
        &self.permissions
    }

    /// The entry of a permission by its key.
    pub fn permission(&self, key: &str) -> Option<&PermissionEntry> {
        self.permissions.iter().find(|entry| entry.key == key)
    }

    /// The predefined roles, in the order of the file.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// A predefined role.
    pub fn role(&self, id: &RoleId) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == *id)
    }

    /// What `levels` holds of a permission, as the cell of the matrix.
    pub fn grant(&self, levels: &Levels, entry: &PermissionEntry) -> Grant {
        entry
            .levels
            .iter()
            .rev()
            .filter(|level| **level != Level::None)
            .find_map(|level| levels.reach_of(entry.permission, *level).map(|reach| Grant { level: *level, reach }))
            .unwrap_or(Grant::NONE)
    }
}

fn read_permissions(
    found: Vec<Spanned<FilePermission>>,
    lines: &Lines<'_>,
) -> Result<Vec<PermissionEntry>, CatalogError> {
    if found.len() > MAX_PERMISSIONS {
        return Err(
            lines.refuse(0, format!("{} permissions are too many. Use at most {MAX_PERMISSIONS}.", found.len()))
        );
    }
    let mut slots: Vec<Option<PermissionEntry>> = OWN_PERMISSIONS.iter().map(|_| None).collect();
    for spanned in found {
        let entry = spanned.into_inner();
        check_key(&entry.key, lines)?;
        let levels = read_levels(&entry.levels, lines)?;
        let key = entry.key.get_ref();
        let own = OWN_PERMISSIONS.iter().position(|own| own == key);
        if slots.iter().flatten().any(|other| other.key == *key) {
            return Err(lines.refuse(entry.key.span().start, format!("The permission `{key}` is defined twice.")));
        }
        let place = own.unwrap_or(slots.len());
        let place_in_set = u8::try_from(place).map_err(|_| lines.refuse(0, "There are too many permissions."))?;
        let read = PermissionEntry {
            permission: Permission(place_in_set),
            key: key.clone(),
            category: entry.category,
            name: entry.name,
            description: entry.description,
            levels,
        };
        match slots.get_mut(place) {
            Some(slot) => *slot = Some(read),
            None => slots.push(Some(read)),
        }
    }
    match OWN_PERMISSIONS.iter().zip(&slots).find(|(_, slot)| slot.is_none()) {
        Some((key, _)) => Err(lines.refuse(0, format!("The permission `{key}` is missing. The server requires it."))),
        None => Ok(slots.into_iter().flatten().collect()),
    }
}

fn check_key(key: &Spanned<String>, lines: &Lines<'_>) -> Result<(), CatalogError> {
    let fits = key.get_ref().bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if fits && (1..=64).contains(&key.get_ref().len()) {
        return Ok(());
    }
    Err(lines.refuse(
        key.span().start,
        format!("`{}` is not a valid key. Use 1 to 64 lowercase letters, digits and underscores.", key.get_ref()),
    ))
}

fn read_levels(found: &Spanned<Vec<String>>, lines: &Lines<'_>) -> Result<Vec<Level>, CatalogError> {
    let at = found.span().start;
    let levels = found
        .get_ref()
        .iter()
        .map(|text| text.parse().map_err(|error| lines.refuse(at, format!("`{text}`: {error}"))))
        .collect::<Result<Vec<Level>, _>>()?;
    let rising =
        levels.iter().zip(levels.iter().skip(1)).all(|(weaker, stronger)| weaker.strength() < stronger.strength());
    if levels.first() == Some(&Level::None) && levels.len() > 1 && rising {
        return Ok(levels);
    }
    Err(lines.refuse(at, "Levels must start with `none`, have at least one more, and be in ascending order."))
}

fn read_roles(
    found: Vec<Spanned<FileRole>>,
    permissions: &[PermissionEntry],
    lines: &Lines<'_>,
) -> Result<Vec<Role>, CatalogError> {
    let mut roles: Vec<Role> = Vec::new();
    for spanned in found {
        let role = spanned.into_inner();
        check_key(&role.key, lines)?;
        let at = role.key.span().start;
        let id: RoleId = role.key.get_ref().parse().map_err(|error| lines.refuse(at, format!("{error}")))?;
        if roles.iter().any(|other| other.id == id) {
            return Err(lines.refuse(at, format!("The role `{id}` is defined twice.")));
        }
        let mut levels = Levels::NONE;
        for (key, cell) in &role.levels {
            let (permission, grant) = read_cell(key, cell, permissions, lines)?;
            levels = levels.with(permission, grant);
        }
        roles.push(Role { id, name: role.name, description: role.description, kind: RoleKind::Predefined, levels });
    }
    Ok(roles)
}

fn read_cell(
    key: &Spanned<String>,
    cell: &Spanned<String>,
    permissions: &[PermissionEntry],
    lines: &Lines<'_>,
) -> Result<(Permission, Grant), CatalogError> {
    let entry = permissions
        .iter()
        .find(|entry| entry.key == *key.get_ref())
        .ok_or_else(|| lines.refuse(key.span().start, format!("There is no permission `{}`.", key.get_ref())))?;
    let grant: Grant = cell
        .get_ref()
        .parse()
        .map_err(|error| lines.refuse(cell.span().start, format!("`{}`: {error}", cell.get_ref())))?;
    if !entry.levels.contains(&grant.level) {
        return Err(
            lines.refuse(cell.span().start, format!("The permission `{}` has no level `{}`.", entry.key, grant.level))
        );
    }
    Ok((entry.permission, grant))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each predefined role may, a letter per permission: E/e edit, V/v view, L/l limited, A/a allowed, n none, ? none
    /// (nothing is said, so the least), `*` after a letter: own systems. Order of columns below.
    const COLUMNS: [&str; 17] = [
        "content",
        "settings",
        "text_and_languages",
        "publish_test",
        "publish_production",
        "publish_custom",
        "insights",
        "manage_users",
        "manage_groups",
        "manage_roles",
        "manage_systems",
        "security",
        "api_keys",
        "access_requests",
        "partners",
        "contracts",
        "activity_log",
    ];
    const MATRIX: [(&str, &str); 9] = [
        ("admin", "E E E A A A E E E E E E E E E E A"),
        ("content_manager", "E E e A A A e N n n n n n N n n v"),
        ("builder", "E E e N N N e N n n n n n N n n v"),
        ("publisher", "V V v A A A v N n n n n n N n n v"),
        ("content_creator", "E V e N N N v N n n n n n N n n n"),
        ("content_viewer", "V V v n n n V N n n n n n N n n n"),
        ("analyst", "V V v n n n E N n n n n n N n n n"),
        ("translator", "N n E n n n n N n n n n n N n n n"),
        ("system_manager", "e* e* e* a* a* a* v* L* ? n L* N N N n n v*"),
    ];

    fn letter(grant: Grant) -> String {
        let letter = match grant.level {
            Level::None => "n",
            Level::View => "v",
            Level::Limited => "l",
            Level::Edit => "e",
            Level::Allowed => "a",
        };
        let own = if grant.reach == Reach::OwnSystems { "*" } else { "" };
        format!("{letter}{own}")
    }

    #[test]
    fn the_shipped_catalog_holds_the_nine_roles_exactly_as_the_matrix_has_them() {
        let catalog = Catalog::shipped().unwrap();
        assert_eq!(catalog.roles().len(), MATRIX.len());
        for (key, row) in MATRIX {
            let role = catalog.role(&key.parse().unwrap()).unwrap();
            for (column, cell) in COLUMNS.iter().zip(row.split(' ')) {
                let held = letter(catalog.grant(&role.levels, catalog.permission(column).unwrap()));
                assert_eq!(held, cell.to_lowercase().replace('?', "n"), "{key}, {column}");
            }
        }
        assert_eq!(catalog.permissions().len(), COLUMNS.len());
    }

    #[test]
    fn only_admin_is_an_admin_by_what_the_role_can_do() {
        let admins: Vec<_> = Catalog::shipped()
            .unwrap()
            .roles()
            .iter()
            .filter(|r| r.levels.is_admin())
            .map(|r| r.id.to_string())
            .collect();
        assert_eq!(admins, ["admin"]);
    }

    #[test]
    fn the_own_permissions_have_their_places_whatever_the_order_of_the_file() {
        let catalog = Catalog::shipped().unwrap();
        for (place, key) in OWN_PERMISSIONS.iter().enumerate() {
            assert_eq!(usize::from(catalog.permission(key).unwrap().permission.0), place);
        }
    }

    #[test]
    fn a_broken_catalog_is_refused_with_the_line_and_the_reason() {
        let refused = |from: &str, to: &str| Catalog::parse(&DEFAULT_CATALOG.replacen(from, to, 1)).unwrap_err();
        let line_of = |text: &str| DEFAULT_CATALOG.split(text).next().unwrap().lines().count() + 1;

        let error = refused("publish_test = \"allowed\"", "publish_test = \"edit\"");
        assert_eq!(
            (error.line, error.reason.as_str()),
            (line_of("publish_test = "), "The permission `publish_test` has no level `edit`.")
        );
        let error = refused("key = \"manage_groups\"", "key = \"manage_users\"");
        assert_eq!(
            (error.line, error.reason.as_str()),
            (line_of("key = \"manage_groups\""), "The permission `manage_users` is defined twice.")
        );
        assert!(
            refused("key = \"security\"", "key = \"safety\"").reason.contains("The permission `security` is missing")
        );
        assert!(refused("category = \"data\"", "category = \"date\"").to_string().starts_with("line "));
        assert!(
            refused("[role.levels]\ncontent = \"edit\"", "[role.levels]\ncontent = \"view\"")
                .reason
                .contains("`admin` must include")
        );
        assert!(Catalog::parse("nonsense").unwrap_err().line == 1);
    }
}
