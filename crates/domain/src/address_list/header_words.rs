//! What the columns of a table and the lines of an email are called, in the languages that people paste.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::search_text::search_key;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Address,
    FirstName,
    LastName,
    /// A whole name.
    WholeName,
    /// A name that is the other half where the table has a column for one half, and whole otherwise: `Vorname`, `Name`.
    Name,
    Other,
}

/// A longer cell names no column.
const LONGEST: usize = 60;

const ADDRESS: &str = "mail, email, emails, mails, e mail, e mails, emailaddress, emailaddresses, mailaddress, emailadresse, mailadresse, \
    emailadressen, mailadressen, correo, correos, courriel, courriels, mel, epost, e post, epostadress, e postadress, epostadresse, \
    e postadresse, eposta, e posta, posta elettronica, elektronicka posta, sahkoposti, sahkopostiosoite, почта, эл почта, \
    электронная почта, пошта, електронна пошта, имейл, ηλεκτρονικο ταχυδρομειο, 邮箱, 邮件, 电子邮箱, 邮箱地址, 电子邮件, 电子邮件地址, 電子郵件, 電子信箱, \
    メール, eメール, メールアドレス, 이메일, 이메일 주소, 메일, البريد الإلكتروني, بريد إلكتروني, ایمیل, דואל, דוא ל, אימייל, ईमेल, อีเมล";

/// Words that stand beside those and do not make another column of it.
const BESIDE_ADDRESS: &str = "address, addresses, adresse, adressen, adres, adresi, adress, adresa, indirizzo, endereco, direccion, \
    de, di, da, of, the, work, business, primary, company, office, user, login, contact, kontakt, dienstlich, dienstliche, \
    geschaftlich, geschaftliche, privat, private, personal, electronico, eletronico, adresy, адрес, 地址";

const FIRST_NAME: &str = "first name, firstname, first, given name, givenname, forename, vorname, vornamen, rufname, prenom, prenoms, \
    nombres, primer nombre, nombre de pila, voornaam, fornavn, fornamn, etunimi, imie, jmeno, krstne meno, keresztnev, ime, prenume, \
    isim, ad, adi, имя, ім я, име, ονομα, 名, 名字, 이름 first, الاسم الأول";

const LAST_NAME: &str = "last name, lastname, last, surname, family name, familyname, nachname, familienname, zuname, nom de famille, \
    apellido, apellidos, primer apellido, cognome, sobrenome, apelido, apelidos, achternaam, etternavn, efternavn, efternamn, \
    sukunimi, nazwisko, prijmeni, priezvisko, vezeteknev, prezime, nume de familie, soyad, soyadi, soyisim, фамилия, прізвище, \
    επωνυμο, επιθετο, 姓, 姓氏, 氏, 성, اسم العائلة, نام خانوادگی, นามสกุล";

const NAME: &str = "name, names, nom, nombre, nome, naam, navn, namn, nimi, nume, meno, nev, نام, नाम, ชื่อ";

const WHOLE_NAME: &str = "full name, fullname, display name, displayname, complete name, person, people, employee, member, participant, \
    attendee, contact, contact name, vollstandiger name, voller name, anzeigename, vor und nachname, vorname nachname, \
    vorname und nachname, name vorname, mitarbeiter, mitarbeiterin, mitarbeitende, teilnehmer, teilnehmerin, teilnehmende, kontakt, \
    ansprechpartner, ansprechpartnerin, nom complet, nom et prenom, prenom et nom, nombre completo, nombre y apellidos, nome completo, \
    nome e cognome, cognome e nome, volledige naam, fullt navn, fullstandigt namn, koko nimi, imie i nazwisko, jmeno a prijmeni, \
    ime i prezime, ad soyad, adi soyadi, фио, ф и о, полное имя, 姓名, 氏名, 名前, お名前, 이름, 성명, الاسم, الاسم الكامل, ชื่อ นามสกุล";

const OTHER: &str = "id, nr, no, number, nummer, row, role, roles, rolle, rollen, rol, ruolo, funcao, department, abteilung, bereich, \
    departamento, service, reparto, team, phone, telephone, telefon, telefono, telephone number, phone number, tel, mobile, handy, \
    mobil, fax, company, firma, unternehmen, empresa, societe, azienda, organization, organisation, title, titel, anrede, salutation, \
    position, job title, jobtitle, funktion, status, city, ort, stadt, ciudad, ville, country, land, pais, pays, state, zip, plz, \
    postcode, street, strasse, location, standort, office, buro, group, groups, gruppe, gruppen, manager, vorgesetzter, note, notes, \
    notiz, notizen, bemerkung, comment, comments, kommentar, language, sprache, username, user name, benutzername, login, date, datum, \
    created, system, systems, systeme, access, website, url, birthday, gender, geschlecht, anschrift, adresse, address, \
    all systems, login method, last login at utc, created at utc, должность, отдел, телефон, 部门, 部門, 电话, 電話, 职位, 会社名, 부서";

/// Whose addresses a second column has.
const ANOTHERS: &str = "manager, managers, supervisor, supervisors, boss, lead, leader, teamlead, assistant, assistants, \
    sponsor, owner, referrer, inviter, approver, parent, parents, emergency, vorgesetzter, vorgesetzte, vorgesetzten, vorgesetztem, \
    chef, leiter, leitung, leiterin, teamleiter, teamleitung, assistenz, eltern, responsable, superieur, jefe, supervisora, capo, \
    superiore, gerente, leidinggevende, chefs, szef, руководитель, руководителя, 经理, 上司";

/// In front of a colon at the beginning of a line.
const LABELS: &str = "to, cc, bcc, from, reply to, sender, an, von, kopie, blindkopie, antwort an, a, de, copie, cci, pour, para, cco, \
    con copia, aan, van, da, per, till, fran, kopia, til, fra, kopi, do, od, dw, komu, кому, от, копия, 收件人, 抄送, 发件人, 寄件者, \
    宛先, 差出人, 받는 사람, 보낸 사람, إلى, من, נמען, अनुसार";

/// Columns by their names, folded like the text of a search.
static COLUMNS: LazyLock<HashMap<String, Column>> = LazyLock::new(|| {
    let kinds = [
        (OTHER, Column::Other),
        (NAME, Column::Name),
        (FIRST_NAME, Column::FirstName),
        (LAST_NAME, Column::LastName),
        (WHOLE_NAME, Column::WholeName),
        (ADDRESS, Column::Address),
    ];
    kinds.into_iter().flat_map(|(names, kind)| words_of(names).map(move |name| (name, kind))).collect()
});
static BESIDE: LazyLock<HashSet<String>> = LazyLock::new(|| words_of(BESIDE_ADDRESS).collect());
static ANOTHER: LazyLock<HashSet<String>> = LazyLock::new(|| words_of(ANOTHERS).collect());
static LINES: LazyLock<HashSet<String>> = LazyLock::new(|| words_of(LABELS).collect());

fn words_of(list: &'static str) -> impl Iterator<Item = String> {
    list.split(',').map(folded)
}

/// Letters only, so that `E-Mail-Adresse 2` is `e mail adresse`.
fn folded(text: &str) -> String {
    let key = search_key(text);
    let words = key.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// What a cell says its column holds, if it says it.
pub(super) fn column(cell: &str) -> Option<Column> {
    if cell.len() > 2 * LONGEST {
        return None;
    }
    let name = folded(cell);
    if is_address_word(&name) { Some(Column::Address) } else { COLUMNS.get(&name).copied() }
}

/// Whether a column has the addresses of other people than those of the rows: `Manager email`.
pub(super) fn is_address_of_another(cell: &str) -> bool {
    if cell.len() > 2 * LONGEST {
        return false;
    }
    let name = folded(cell);
    let (others, rest): (Vec<&str>, Vec<&str>) =
        name.split(' ').filter(|word| *word != "s").partition(|word| ANOTHER.contains(*word));
    !others.is_empty() && is_address_word(&rest.join(" "))
}

/// Whether a text is what a column of addresses is called.
pub(super) fn is_address(text: &str) -> bool {
    column(text) == Some(Column::Address)
}

/// Whether a text is what stands before a colon and the addresses of a line.
pub(super) fn is_label(text: &str) -> bool {
    is_address(text) || LINES.contains(&folded(text))
}

/// `email`, `e mail adresse`, `work email`, `direccion de correo electronico`: one word for it, among those that stand beside.
fn is_address_word(name: &str) -> bool {
    let is_one = |name: &str| COLUMNS.get(name) == Some(&Column::Address);
    let words: Vec<&str> = name.split(' ').filter(|word| !BESIDE.contains(*word)).collect();
    is_one(name) || is_one(&words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_what_they_are_called_in_many_languages() {
        for text in [
            "Email",
            "E-Mail",
            "E-Mail-Adresse",
            "e-mail address",
            "Email Address 1",
            "Work email",
            "E-Mail (dienstlich)",
            "Correo electrónico",
            "Dirección de correo electrónico",
            "Adresse e-mail",
            "Courriel",
            "Indirizzo email",
            "Endereço de e-mail",
            "Adres e-mail",
            "E-postadress",
            "Sähköposti",
            "E-posta adresi",
            "Электронная почта",
            "电子邮件地址",
            "メールアドレス",
            "이메일",
            "البريد الإلكتروني",
        ] {
            assert_eq!(column(text), Some(Column::Address), "{text}");
        }
        assert_eq!(column("Vorname"), Some(Column::FirstName));
        assert_eq!(column("Nom de famille"), Some(Column::LastName));
        assert_eq!(column("Full Name"), Some(Column::WholeName));
        assert_eq!(column("Name"), Some(Column::Name));
        assert_eq!(column("Adresse"), Some(Column::Other));
        for text in ["Ismail", "Mail room", "Manager email", "Ana Lopez", "", "1", "Mailand"] {
            assert_ne!(column(text), Some(Column::Address), "{text}");
        }
        assert!(is_label("To") && is_label("An") && is_label("E-Mail") && !is_label("mailto") && !is_label("Ana"));
    }
}
