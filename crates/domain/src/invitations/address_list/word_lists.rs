//! The words in [`header_words`](super::header_words), folded when they are first looked for.

pub(super) const ADDRESS: &str = "mail, email, emails, mails, e mail, e mails, emailaddress, emailaddresses, mailaddress, emailadresse, mailadresse, \
    emailadressen, mailadressen, correo, correos, courriel, courriels, mel, epost, e post, epostadress, e postadress, epostadresse, \
    e postadresse, eposta, e posta, posta elettronica, elektronicka posta, sahkoposti, sahkopostiosoite, почта, эл почта, \
    электронная почта, пошта, електронна пошта, имейл, ηλεκτρονικο ταχυδρομειο, 邮箱, 邮件, 电子邮箱, 邮箱地址, 电子邮件, 电子邮件地址, 電子郵件, 電子信箱, \
    smtp, メール, eメール, メールアドレス, 이메일, 이메일 주소, 메일, البريد الإلكتروني, بريد إلكتروني, ایمیل, דואל, דוא ל, אימייל, ईमेल, อีเมล";

/// Words that stand beside those and do not make another column of it.
pub(super) const BESIDE_ADDRESS: &str = "address, addresses, adresse, adressen, adres, adresi, adress, adresa, indirizzo, endereco, direccion, \
    de, di, da, of, the, id, electronico, eletronico, adresy, адрес, 地址, value, wert, valor, valeur, valore";

/// Words that say that it is the first of several.
pub(super) const FIRST_OF_SEVERAL: &str =
    "primary, main, principal, principale, preferred, haupt, primare, bevorzugte, основной, 主要";

pub(super) const AT_WORK: &str = "work, business, company, office, corporate, job, dienstlich, dienstliche, geschaftlich, geschaftliche, firma, arbeit, \
    professionnel, professionnelle, trabajo, empresa, lavoro, aziendale, werk, arbete, jobb, praca, sluzbowy, рабочий, 工作";

/// Words that say that it is another one of the same person.
pub(super) const ANOTHER_OF_THE_SAME: &str = "recovery, secondary, second, third, alternate, alternative, alternates, alt, other, others, additional, \
    backup, alias, aliases, proxy, authentication, verification, security, spam, newsletter, personal, private, home, new, old, previous, former, billing, notification, privat, private, zweite, \
    weitere, andere, alternativ, sekundar, sekundare, wiederherstellung, wiederherstellungs, alte, neue, personnel, personnelle, privee, \
    secondaire, recuperation, personales, particular, secundario, recuperacion, personale, privata, secondario, recupero, pessoal, \
    secundario, recuperacao, prive, thuis, herstel, privado, domowy, prywatny, личный, личная, дополнительный, резервный, 个人, 备用, 个人的, 予備, 個人";

pub(super) const LOGIN: &str = "login, logins, user principal name, userprincipalname, upn, sign in name, signin name, login name, login id, username, \
    user name, benutzername, anmeldename, benutzerprinzipalname, nom d utilisateur, identifiant, nombre de usuario, nome utente, usuario";

pub(super) const SECRET: &str = "password, passwords, initial password, temporary password, passwort, kennwort, startpasswort, initialkennwort, pin, \
    mot de passe, contrasena, senha, wachtwoord, losenord, haslo, пароль, 密码, パスワード";

/// Columns with other addresses of the same person that have no word for an address in their names.
pub(super) const ALIASES: &str = "proxy addresses, proxyaddresses, aliases, alias";

/// What programs put beside the name of a column.
pub(super) const REMARKS: &str = "required, optional, mandatory, upload only, erforderlich, pflichtfeld, obligatoire, obligatorio, obbligatorio, requerido";

pub(super) const FIRST_NAME: &str = "first name, firstname, first, given name, givenname, forename, vorname, vornamen, rufname, prenom, prenoms, \
    nombres, primer nombre, nombre de pila, voornaam, fornavn, fornamn, etunimi, imie, jmeno, krstne meno, keresztnev, ime, prenume, \
    isim, ad, adi, имя, ім я, име, ονομα, 名, 名字, 이름 first, الاسم الأول";

pub(super) const LAST_NAME: &str = "last name, lastname, last, surname, family name, familyname, nachname, familienname, zuname, nom de famille, \
    apellido, apellidos, primer apellido, cognome, sobrenome, apelido, apelidos, achternaam, etternavn, efternavn, efternamn, \
    sukunimi, nazwisko, prijmeni, priezvisko, vezeteknev, prezime, nume de familie, soyad, soyadi, soyisim, фамилия, прізвище, \
    επωνυμο, επιθετο, 姓, 姓氏, 氏, 성, اسم العائلة, نام خانوادگی, นามสกุล";

/// Those of the languages that write the family name first.
pub(super) const FAMILY_NAME_FIRST: &str = "vezeteknev, 姓, 姓氏, 氏, 성";

pub(super) const NAME: &str = "name, names, nom, nombre, nome, naam, navn, namn, nimi, nume, meno, nev, نام, नाम, ชื่อ";

pub(super) const WHOLE_NAME: &str = "full name, fullname, display name, displayname, complete name, person, people, employee, member, participant, \
    attendee, worker, student, learner, invitee, registrant, candidate, applicant, volunteer, contact, contact name, vollstandiger name, voller name, anzeigename, vor und nachname, vorname nachname, \
    vorname und nachname, name vorname, vor nachname, vor zuname, vor und zuname, vorname zuname, vorname und zuname, nachname vorname, \
    mitarbeitername, teilnehmername, kundenname, schulername, nutzername, personenname, mitarbeiter, mitarbeiterin, mitarbeitende, teilnehmer, teilnehmerin, teilnehmende, kontakt, \
    ansprechpartner, ansprechpartnerin, nom complet, nom et prenom, prenom et nom, nombre completo, nombre y apellidos, nome completo, \
    nome e cognome, cognome e nome, volledige naam, fullt navn, fullstandigt namn, koko nimi, imie i nazwisko, jmeno a prijmeni, \
    ime i prezime, ad soyad, adi soyadi, фио, ф и о, полное имя, 姓名, 氏名, 名前, お名前, 이름, 성명, الاسم, الاسم الكامل, ชื่อ นามสกุล";

pub(super) const OTHER: &str = "id, nr, no, number, nummer, row, role, roles, rolle, rollen, rol, ruolo, funcao, department, abteilung, bereich, \
    departamento, service, reparto, team, phone, telephone, telefon, telefono, telephone number, phone number, tel, mobile, handy, \
    mobil, fax, company, firma, unternehmen, empresa, societe, azienda, organization, organisation, title, titel, anrede, salutation, \
    position, job title, jobtitle, funktion, status, city, ort, stadt, ciudad, ville, country, land, pais, pays, state, zip, plz, \
    postcode, street, strasse, location, standort, office, buro, group, groups, gruppe, gruppen, manager, vorgesetzter, note, notes, \
    notiz, notizen, bemerkung, comment, comments, kommentar, language, sprache, date, datum, \
    created, system, systems, systeme, access, website, url, birthday, usage location, display name type, street address, zip or postal code, postal code, \
    state or province, country or region, country region, mobile phone, office phone, user type, account enabled, \
    employee id, org unit path, cost center, birthday, gender, geschlecht, \
    all systems, login method, last login at utc, created at utc, должность, отдел, телефон, 部门, 部門, 电话, 電話, 职位, 会社名, 부서";

/// Of the post or of email: what is in the column tells.
pub(super) const ANY_ADDRESS: &str = "address, adresse, anschrift";

/// Whose addresses a second column has.
pub(super) const ANOTHERS: &str = "manager, managers, supervisor, supervisors, boss, lead, leader, teamlead, assistant, assistants, \
    sponsor, owner, referrer, inviter, approver, parent, parents, emergency, vorgesetzter, vorgesetzte, vorgesetzten, vorgesetztem, \
    chef, leiter, leitung, leiterin, teamleiter, teamleitung, assistenz, eltern, responsable, superieur, jefe, supervisora, capo, \
    superiore, gerente, leidinggevende, chefs, szef, mentor, mentors, mentorin, reviewer, reviewers, hrbp, buddy, coach, host, hosts, deputy, delegate, \
    substitute, creator, fuhrungskraft, fuhrungskrafte, vertretung, vertreter, vertreterin, stellvertretung, stellvertreter, stellvertreterin, ersteller, \
    erstellerin, genehmiger, gastgeber, superviseur, encadrant, tuteur, tutor, guardian, guardians, руководитель, руководителя, 经理, 上司";

/// Words that stand beside those, and say nothing else.
pub(super) const BESIDE_ANOTHER: &str =
    "line, direct, hiring, reporting, disziplinarische, disziplinarischer, direkte, direkter";

/// Words by which a column is about an address and has none: `E-mail 1 - Label`, `E-mail Display Name`.
pub(super) const ABOUT_ADDRESS: &str = "label, type, typ, display, name, nickname, status, verified, bestatigt, opt, optin, consent, subscribed, \
    subscription, sent, count, number, domain, format, bounce, bounced, date, preference, permission, notes, subject, signature, \
    template, provider, frequency, language, valid, room";

/// Who has a name: with a word for a name, they make a column of names (`Employee name`).
pub(super) const PERSONS: &str = "employee, employees, student, students, user, users, customer, customers, client, clients, invitee, attendee, \
    participant, registrant, guest, member, worker, learner, staff, person, candidate, applicant, contact, recipient, volunteer, \
    trainee, pupil, subscriber, buyer, player, patient, tenant, legal, preferred, official, original, of, the, s, mitarbeiter, mitarbeiterin, \
    mitarbeitenden, mitarbeitende, mitarbeiters, teilnehmer, teilnehmerin, teilnehmenden, teilnehmers, benutzer, nutzer, kunde, kunden, \
    schuler, schulerin, gast, mitglied, mitglieds, person, kontakt, des, der";

/// In front of a colon at the beginning of a line.
pub(super) const LABELS: &str = "to, cc, bcc, an, kopie, blindkopie, a, copie, cci, pour, para, cco, \
    con copia, organizer, organiser, organisator, organisatorin, veranstalter, attendees, required attendees, optional attendees, required, optional, \
    invitees, participants, guests, members, recipients, teilnehmer, gaste, empfanger, erforderlich, aan, per, till, kopia, til, kopi, do, dw, komu, кому, копия, 收件人, 抄送, \
    宛先, 받는 사람, إلى, נמען";

/// Beside those: lists of people in what programs write for each other.
pub(super) const LISTS_OF_PEOPLE: &str = "people, persons, team, teilnehmende, accounts, data, items, results, value, values, resources, records, rows, list, entries, elements, nodes";
