//! What the columns of a table and the lines of an email are called, in the languages that people paste.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::search_text::search_key;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Address(Standing),
    FirstName,
    LastName,
    /// A whole name.
    WholeName,
    /// A name that is the other half where the table has a column for one half, and whole otherwise: `Vorname`, `Name`.
    Name,
    /// What must not be shown.
    Secret,
    Other,
}

/// Whose addresses a column has, the best name for the people of the rows first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// `Primary email`.
    Primary,
    /// `Email`, `E-mail 1 - Value`.
    Plain,
    /// `Work email`.
    Work,
    /// `User principal name`, `login`: mostly an address, and mostly one that is read.
    Login,
    /// `Personal email`, `Recovery email`, `E-mail 2 - Value`: of the same person, where there is no other.
    Secondary,
    /// `Manager email`: of somebody else.
    OfAnother,
}

impl Standing {
    /// Whether it is certainly the people's own address, and the one that they use.
    pub fn is_own(self) -> bool {
        matches!(self, Self::Primary | Self::Plain | Self::Work)
    }
}

impl Column {
    /// Whose addresses it has, if it has any.
    pub fn standing(self) -> Option<Standing> {
        match self {
            Self::Address(standing) => Some(standing),
            Self::FirstName | Self::LastName | Self::WholeName | Self::Name | Self::Secret | Self::Other => None,
        }
    }

    /// Whether it has names of people, or halves of them.
    pub fn is_name(self) -> bool {
        match self {
            Self::FirstName | Self::LastName | Self::WholeName | Self::Name => true,
            Self::Address(_) | Self::Secret | Self::Other => false,
        }
    }
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
    de, di, da, of, the, user, login, contact, kontakt, electronico, eletronico, adresy, адрес, 地址, value, wert, valor, valeur, valore";

/// Words that say that it is the first of several.
const FIRST_OF_SEVERAL: &str =
    "primary, main, principal, principale, preferred, haupt, primare, bevorzugte, основной, 主要";

const AT_WORK: &str = "work, business, company, office, corporate, job, dienstlich, dienstliche, geschaftlich, geschaftliche, firma, arbeit, \
    professionnel, professionnelle, trabajo, empresa, lavoro, aziendale, werk, arbete, jobb, praca, sluzbowy, рабочий, 工作";

/// Words that say that it is another one of the same person.
const ANOTHER_OF_THE_SAME: &str = "recovery, secondary, second, third, alternate, alternative, alternates, alt, other, others, additional, \
    backup, alias, aliases, proxy, authentication, verification, security, spam, newsletter, personal, private, home, new, old, previous, former, billing, notification, privat, private, zweite, \
    weitere, andere, alternativ, sekundar, sekundare, wiederherstellung, wiederherstellungs, alte, neue, personnel, personnelle, privee, \
    secondaire, recuperation, personales, particular, secundario, recuperacion, personale, privata, secondario, recupero, pessoal, \
    secundario, recuperacao, prive, thuis, herstel, privado, domowy, prywatny, личный, личная, дополнительный, резервный, 个人, 备用, 个人的, 予備, 個人";

const LOGIN: &str = "login, logins, user principal name, userprincipalname, upn, sign in name, signin name, login name, login id, username, \
    user name, benutzername, anmeldename, benutzerprinzipalname, nom d utilisateur, identifiant, nombre de usuario, nome utente, usuario";

const SECRET: &str = "password, passwords, initial password, temporary password, passwort, kennwort, startpasswort, initialkennwort, pin, \
    mot de passe, contrasena, senha, wachtwoord, losenord, haslo, пароль, 密码, パスワード";

/// Columns with other addresses of the same person that have no word for an address in their names.
const ALIASES: &str = "proxy addresses, proxyaddresses, aliases, alias";

/// What programs put beside the name of a column.
const REMARKS: &str = "required, optional, mandatory, upload only, erforderlich, pflichtfeld, obligatoire, obligatorio, obbligatorio, requerido";

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
    notiz, notizen, bemerkung, comment, comments, kommentar, language, sprache, date, datum, \
    created, system, systems, systeme, access, website, url, birthday, usage location, display name type, street address, zip or postal code, postal code, \
    state or province, country or region, country region, mobile phone, office phone, user type, account enabled, \
    employee id, org unit path, cost center, birthday, gender, geschlecht, anschrift, adresse, address, \
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

/// What stands before a colon and the subject of an email: whom it names there, it does not address.
const SUBJECTS: &str = "subject, betreff, asunto, objet, oggetto, assunto, onderwerp, amne, emne, aihe, temat, predmet, targy, konu, \
    тема, 件名, 主题, 主旨, 제목, الموضوع, נושא";

/// Columns by their names, folded like the text of a search.
static COLUMNS: LazyLock<HashMap<String, Column>> = LazyLock::new(|| {
    let kinds = [
        (OTHER, Column::Other),
        (SECRET, Column::Secret),
        (LOGIN, Column::Address(Standing::Login)),
        (ALIASES, Column::Address(Standing::Secondary)),
        (NAME, Column::Name),
        (FIRST_NAME, Column::FirstName),
        (LAST_NAME, Column::LastName),
        (WHOLE_NAME, Column::WholeName),
        (ADDRESS, Column::Address(Standing::Plain)),
    ];
    kinds.into_iter().flat_map(|(names, kind)| words_of(names).map(move |name| (name, kind))).collect()
});
static WORDS: LazyLock<HashMap<String, Word>> = LazyLock::new(|| {
    let kinds = [
        (BESIDE_ADDRESS, Word::Beside),
        (FIRST_OF_SEVERAL, Word::First),
        (AT_WORK, Word::AtWork),
        (ANOTHER_OF_THE_SAME, Word::Secondary),
        (ANOTHERS, Word::OfAnother),
    ];
    kinds.into_iter().flat_map(|(names, kind)| words_of(names).map(move |name| (name, kind))).collect()
});
static REMARK: LazyLock<HashSet<String>> = LazyLock::new(|| words_of(REMARKS).collect());
static LINES: LazyLock<HashSet<String>> = LazyLock::new(|| words_of(LABELS).collect());
static SUBJECT_LINES: LazyLock<HashSet<String>> = LazyLock::new(|| words_of(SUBJECTS).collect());

/// What a word beside the one for an address says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Beside,
    First,
    AtWork,
    Secondary,
    OfAnother,
}

fn words_of(list: &'static str) -> impl Iterator<Item = String> {
    list.split(',').map(folded)
}

/// Letters only, so that `E-Mail-Adresse 2` is `e mail adresse`.
fn folded(text: &str) -> String {
    let key = search_key(text);
    let words = key.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// What a cell says its column holds, if it says it: in its words, or in those that it has in brackets
/// (`Mail nickname [mail]`).
pub(super) fn column(cell: &str) -> Option<Column> {
    if cell.len() > 2 * LONGEST {
        return None;
    }
    if !cell.contains(char::is_alphabetic) {
        return None;
    }
    let (outside, inside) = brackets(cell);
    named(&outside).or_else(|| inside.as_deref().and_then(named))
}

/// A cell without what stands in square brackets, and that.
fn brackets(cell: &str) -> (String, Option<String>) {
    let Some((before, rest)) = cell.split_once('[') else { return (cell.to_owned(), None) };
    let (inside, after) = rest.split_once(']').unwrap_or((rest, ""));
    (format!("{before} {after}"), Some(inside.to_owned()))
}

fn named(text: &str) -> Option<Column> {
    let name = folded(&apart(text));
    let is_remark = |word: &&str| REMARK.contains(*word);
    let words: Vec<&str> = name.split(' ').filter(|word| !is_remark(word)).collect();
    let name = words.join(" ");
    if let Some(standing) = standing(&name, &words, text) {
        return Some(Column::Address(standing));
    }
    let as_one_word = || if name.contains(' ') { COLUMNS.get(&name.replace(' ', "")) } else { None };
    COLUMNS.get(&name).or_else(as_one_word).copied()
}

/// `secondEmail` as two words.
fn apart(text: &str) -> String {
    let mut apart = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        if before.is_lowercase() && c.is_uppercase() {
            apart.push(' ');
        }
        apart.push(c);
        before = c;
    }
    apart
}

/// `email`, `e mail adresse`, `work email`, `direccion de correo electronico`: one word for it, among those that stand beside
/// and say whose it is.
fn standing(name: &str, words: &[&str], text: &str) -> Option<Standing> {
    let is_one = |name: &str| {
        let is_address = |name: &str| COLUMNS.get(name) == Some(&Column::Address(Standing::Plain));
        is_address(name) || (name.contains(' ') && is_address(&name.replace(' ', "")))
    };
    let beside = |word: &&str| WORDS.get(*word).copied();
    let rest: Vec<&str> = words.iter().copied().filter(|word| beside(word).is_none() && *word != "s").collect();
    let said: Vec<Word> = words.iter().filter_map(beside).collect();
    let has = |word: Word| said.contains(&word);
    if has(Word::OfAnother) && (rest.is_empty() || is_one(&rest.join(" "))) {
        return Some(Standing::OfAnother);
    }
    if !is_one(name) && (said.is_empty() || !is_one(&rest.join(" "))) {
        return None;
    }
    let number: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let is_later = number.parse::<u32>().is_ok_and(|number| number > 1);
    Some(match () {
        () if has(Word::Secondary) || is_later => Standing::Secondary,
        () if has(Word::First) => Standing::Primary,
        () if has(Word::AtWork) => Standing::Work,
        () => Standing::Plain,
    })
}

/// Whether a text is what a column of addresses is called.
pub(super) fn is_address(text: &str) -> bool {
    let standing = column(text).and_then(Column::standing);
    standing.is_some_and(|standing| standing.is_own() || standing == Standing::Secondary)
}

/// Whether a text is what stands before a colon and the addresses of a line.
pub(super) fn is_label(text: &str) -> bool {
    is_address(text) || LINES.contains(&folded(text))
}

/// Whether a text is what stands before a colon and the subject of an email.
pub(super) fn is_subject(text: &str) -> bool {
    SUBJECT_LINES.contains(&folded(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_addresses_is_known_by_what_it_is_called_in_many_languages() {
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
            assert!(is_address(text), "{text}");
        }
        for text in ["Ismail", "Mail room", "Manager email", "Ana Lopez", "", "1", "Mailand"] {
            assert!(!is_address(text), "{text}");
        }
    }

    #[test]
    fn a_column_of_names_is_known_by_what_it_is_called() {
        assert_eq!(column("Vorname"), Some(Column::FirstName));
        assert_eq!(column("First Name [Required]"), Some(Column::FirstName));
        assert_eq!(column("Last name [surname]"), Some(Column::LastName));
        assert_eq!(column("Nom de famille"), Some(Column::LastName));
        assert_eq!(column("Full Name"), Some(Column::WholeName));
        assert_eq!(column("Name"), Some(Column::Name));
        assert_eq!(column("Adresse"), Some(Column::Other));
        assert!(is_label("To") && is_label("An") && is_label("E-Mail") && !is_label("mailto") && !is_label("Ana"));
    }

    #[test]
    fn what_a_column_of_addresses_is_to_its_people_is_known_by_its_words() {
        for (text, standing) in [
            ("Email Address [Required]", Standing::Plain),
            ("emailAddress", Standing::Plain),
            ("E-mail 1 - Value", Standing::Plain),
            ("Primary Email", Standing::Primary),
            ("Work Email", Standing::Work),
            ("E-Mail (dienstlich)", Standing::Work),
            ("User principal name [userPrincipalName] Required", Standing::Login),
            ("userPrincipalName", Standing::Login),
            ("Benutzername", Standing::Login),
            ("Recovery Email", Standing::Secondary),
            ("New Primary Email [UPLOAD ONLY]", Standing::Secondary),
            ("Home Secondary Email", Standing::Secondary),
            ("Work Secondary Email", Standing::Secondary),
            ("Personal Email", Standing::Secondary),
            ("Private email", Standing::Secondary),
            ("E-Mail (privat)", Standing::Secondary),
            ("secondEmail", Standing::Secondary),
            ("alternateEmailAddress", Standing::Secondary),
            ("E-mail 2 - Value", Standing::Secondary),
            ("Manager Email", Standing::OfAnother),
            ("Manager", Standing::OfAnother),
            ("Manager's e-mail address", Standing::OfAnother),
            ("Manager personal email", Standing::OfAnother),
            ("E-Mail Vorgesetzter", Standing::OfAnother),
        ] {
            assert_eq!(column(text), Some(Column::Address(standing)), "{text}");
        }
        for text in
            ["E-mail 1 - Label", "E-mail 1 - Type", "E-mail Display Name", "Phone 1 - Value", "Password [Required]"]
        {
            assert!(!matches!(column(text), Some(Column::Address(_))), "{text}");
        }
    }
}
