//! What other products export, with the header lines that they really write: one column is each person's own address, and no one
//! is invited by another one.

use super::tests::seen;
use super::*;
use crate::core::email_address::EmailAddressError;

/// A table by its header and by what its cells say, column by name; all others are empty.
fn table(header: &str, delimiter: &str, rows: &[&[(&str, &str)]]) -> String {
    let names: Vec<&str> = header.split(delimiter).collect();
    let row = |cells: &&[(&str, &str)]| {
        for (name, _) in *cells {
            assert!(names.contains(name), "{name}");
        }
        let cell = |name: &&str| cells.iter().find(|(column, _)| column == name).map_or("", |(_, text)| *text);
        names.iter().map(cell).collect::<Vec<_>>().join(delimiter)
    };
    let lines: Vec<String> = std::iter::once(header.to_owned()).chain(rows.iter().map(row)).collect();
    lines.join("\r\n")
}

const WORKSPACE: &str = "First Name [Required],Last Name [Required],Email Address [Required],Password [Required],\
    Password Hash Function [UPLOAD ONLY],Org Unit Path [Required],New Primary Email [UPLOAD ONLY],Recovery Email,\
    Home Secondary Email,Work Secondary Email,Recovery Phone [MUST BE IN THE E.164 FORMAT],Work Phone,Home Phone,Mobile Phone,\
    Work Address,Home Address,Employee ID,Employee Type,Employee Title,Manager Email,Department,Cost Center,Building ID,Floor Name,\
    Floor Section,Change Password at Next Sign-In,New Status [UPLOAD ONLY],Advanced Protection Program enrollment";

const CONTACTS: &str = "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,\
    Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,\
    E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value";

const OLD_CONTACTS: &str = "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,\
    Family Name Yomi,Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,Location,Billing Information,\
    Directory Server,Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,Notes,Language,Photo,Group Membership,E-mail 1 - Type,\
    E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value";

const ENTRA_TEMPLATE: &str = "Name [displayName] Required,User name [userPrincipalName] Required,\
    Initial password [passwordProfile] Required,Block sign in (Yes/No) [accountEnabled] Required,First name [givenName],\
    Last name [surname],Job title [jobTitle],Department [department],Usage location [usageLocation],Street address [streetAddress],\
    State or province [state],Country or region [country],Office [physicalDeliveryOfficeName],City [city],\
    ZIP or postal code [postalCode],Office phone [telephoneNumber],Mobile phone [mobile]";

const ENTRA_USERS: &str = "userPrincipalName,displayName,surname,mail,givenName,objectId,userType,jobTitle,department,\
    accountEnabled,usageLocation,streetAddress,state,country,physicalDeliveryOfficeName,city,postalCode,telephoneNumber,mobile,\
    authenticationPhoneNumber,authenticationAlternativePhoneNumber,authenticationEmail,alternateEmailAddress,ageGroup,\
    consentProvidedForMinor,legalAgeGroupClassification,companyName,creationType,directorySynced,invitationState,identityIssuer,\
    createdDateTime";

const MICROSOFT_365: &str = "Block credential,City,Country/Region,Department,DirSyncEnabled,Display name,Fax,First name,\
    Last dirsync time,Last name,Last password change time stamp,Licenses,Mobile Phone,Object Id,Office,Password never expires,\
    Phone number,Postal code,Preferred language,Proxy addresses,State,Street address,Strong password required,Title,Usage location,\
    User principal name,When created";

const OKTA: &str = "login,firstName,lastName,middleName,honorificPrefix,honorificSuffix,email,title,displayName,nickName,profileUrl,\
    secondEmail,mobilePhone,primaryPhone,streetAddress,city,state,zipCode,countryCode,postalAddress,preferredLanguage,locale,timezone,\
    userType,employeeNumber,costCenter,organization,division,department,managerId,manager";

const SLACK: &str =
    "username,email,status,billing-active,has-2fa,has-sso,userid,fullname,displayname,expiration-timestamp";

const OUTLOOK: &str = "First Name,Middle Name,Last Name,Title,Suffix,Nickname,E-mail Address,E-mail 2 Address,E-mail 3 Address,\
    Home Phone,Business Phone,Company,Job Title,Department,Manager's Name,Assistant's Name,Notes";

/// A header, and the cells of someone below it.
type Export = (&'static str, &'static [(&'static str, &'static str)]);

const EXPORTS: [Export; 13] = [
    (
        WORKSPACE,
        &[
            ("First Name [Required]", "Ana"),
            ("Last Name [Required]", "Lopez"),
            ("Email Address [Required]", "ana@x.example"),
            ("Org Unit Path [Required]", "/Sales"),
            ("New Primary Email [UPLOAD ONLY]", "new@x.example"),
            ("Recovery Email", "ana@private.example"),
            ("Home Secondary Email", "home@private.example"),
            ("Work Secondary Email", "second@x.example"),
            ("Manager Email", "boss@x.example"),
        ],
    ),
    (
        CONTACTS,
        &[
            ("First Name", "Ana"),
            ("Last Name", "Lopez"),
            ("Labels", "* myContacts"),
            ("E-mail 1 - Label", "* Work"),
            ("E-mail 1 - Value", "ana@x.example ::: ana@second.example"),
            ("E-mail 2 - Label", "Home"),
            ("E-mail 2 - Value", "ana@private.example"),
        ],
    ),
    (
        OLD_CONTACTS,
        &[
            ("Name", "Ana Lopez"),
            ("Given Name", "Ana"),
            ("Family Name", "Lopez"),
            ("E-mail 1 - Type", "* Other"),
            ("E-mail 1 - Value", "ana@x.example"),
            ("E-mail 2 - Value", "ana@private.example"),
        ],
    ),
    (
        ENTRA_TEMPLATE,
        &[
            ("Name [displayName] Required", "Ana Lopez"),
            ("User name [userPrincipalName] Required", "ana@x.example"),
            ("Initial password [passwordProfile] Required", "p@ssw0rd"),
            ("First name [givenName]", "Ana"),
            ("Last name [surname]", "Lopez"),
        ],
    ),
    (
        ENTRA_USERS,
        &[
            ("userPrincipalName", "ana_x.example#EXT#@tenant.onmicrosoft.com"),
            ("displayName", "Ana Lopez"),
            ("mail", "ana@x.example"),
            ("authenticationEmail", "auth@private.example"),
            ("alternateEmailAddress", "other@private.example"),
        ],
    ),
    (
        MICROSOFT_365,
        &[
            ("Display name", "Ana Lopez"),
            ("Proxy addresses", "SMTP:ana@x.example+smtp:alias@x.example"),
            ("User principal name", "ana@x.example"),
        ],
    ),
    (
        OKTA,
        &[
            ("login", "ana@login.example"),
            ("firstName", "Ana"),
            ("lastName", "Lopez"),
            ("email", "ana@x.example"),
            ("secondEmail", "ana@private.example"),
            ("manager", "boss@x.example"),
        ],
    ),
    (
        "login,firstName,lastName,secondEmail",
        &[
            ("login", "ana@x.example"),
            ("firstName", "Ana"),
            ("lastName", "Lopez"),
            ("secondEmail", "ana@private.example"),
        ],
    ),
    (SLACK, &[("username", "ana"), ("email", "ana@x.example"), ("status", "Member"), ("fullname", "Ana Lopez")]),
    (
        OUTLOOK,
        &[
            ("First Name", "Ana"),
            ("Last Name", "Lopez"),
            ("E-mail Address", "ana@x.example"),
            ("E-mail 2 Address", "ana@private.example"),
        ],
    ),
    (
        "Name,Personal Email,Email,Manager Email",
        &[
            ("Name", "Ana Lopez"),
            ("Personal Email", "ana@private.example"),
            ("Email", "ana@x.example"),
            ("Manager Email", "boss@x.example"),
        ],
    ),
    (
        "Name,Private email,Work email",
        &[("Name", "Ana Lopez"), ("Private email", "ana@private.example"), ("Work email", "ana@x.example")],
    ),
    (
        "Name,Personal Email,Manager",
        &[("Name", "Ana Lopez"), ("Personal Email", "ana@x.example"), ("Manager", "boss@x.example")],
    ),
];

/// Whoever is in the table, with their own address, and with everything that other columns may hold.
#[test]
fn u11_exports_of_other_products_invite_each_person_once_and_nobody_else() {
    for (header, cells) in EXPORTS {
        for delimiter in [",", "\t", ";"] {
            let header = header.replace(',', delimiter);
            for text in [table(&header, delimiter, &[cells]), table(&header, delimiter, &[cells, cells])] {
                let found = seen(&text);
                assert!(found.iter().all(|one| one == "Ana Lopez = ana@x.example"), "{header}: {found:?}");
                assert_eq!(found.len(), text.lines().count() - 1, "{header}");
            }
        }
    }
}

#[test]
fn lines_for_programs_in_front_of_a_table_are_nobody() {
    let row = "Ana Lopez,ana@x.example,p@ss,No,Ana,Lopez,,,,,,,,,,,";
    assert_eq!(seen(&format!("version:v1.0\n{ENTRA_TEMPLATE}\n{row}")), ["Ana Lopez = ana@x.example"]);
    assert_eq!(seen("sep=;\nName;Email\nAna;ana@x.example"), ["Ana = ana@x.example"]);
}

#[test]
fn nobody_is_invited_by_the_address_of_somebody_else() {
    for (text, expected) in [
        (
            "Name,Manager Email\nAna,boss@x.example\nBob,boss@x.example",
            vec!["?Ana,boss@x.example?", "?Bob,boss@x.example?"],
        ),
        // Where the person has none, that of a manager is not taken instead, nor one to recover the account by.
        ("Name,Email,Manager Email\nAna,,boss@x.example", vec!["?Ana,,boss@x.example?"]),
        ("Name,Email,Recovery Email\nAna,,ana@private.example", vec!["?Ana,,ana@private.example?"]),
        // A comma too many moves every cell.
        (
            "Name,Email,Manager Email\nLopez, Ana,ana@x.example,boss@x.example",
            vec!["?Lopez, Ana,ana@x.example,boss@x.example?"],
        ),
    ] {
        assert_eq!(seen(text), expected, "{text}");
    }
}

/// What someone has to choose from, as `0 Mail: a@x.example`.
fn offered(text: &str) -> Vec<String> {
    let shown = |column: AddressColumn| {
        format!("{} {}: {}", column.column, column.name.unwrap_or_default(), column.examples.join(" "))
    };
    read(text, None, 100).columns.into_iter().map(shown).collect()
}

#[test]
fn where_nothing_tells_which_column_it_is_somebody_has_to_choose() {
    for (text, columns, first, second) in [
        (
            "Zog\tBlub\tKwak\nAna Lopez\tana@x.example\tboss@x.example\nBob Ek\tbob@x.example\tboss@x.example",
            vec!["1 Blub: ana@x.example bob@x.example", "2 Kwak: boss@x.example boss@x.example"],
            vec!["Ana Lopez = ana@x.example", "Bob Ek = bob@x.example"],
            vec!["Ana Lopez = boss@x.example", "Bob Ek = boss@x.example"],
        ),
        (
            "Ana Lopez;ana@x.example;boss@x.example\nBob Ek;bob@x.example;boss@x.example",
            vec!["1 : ana@x.example bob@x.example", "2 : boss@x.example boss@x.example"],
            vec!["Ana Lopez = ana@x.example", "Bob Ek = bob@x.example"],
            vec!["Ana Lopez = boss@x.example", "Bob Ek = boss@x.example"],
        ),
        (
            "Name,Mail,Mail\nAna Lopez,ana@x.example,other@x.example",
            vec!["1 Mail: ana@x.example", "2 Mail: other@x.example"],
            vec!["Ana Lopez = ana@x.example"],
            vec!["Ana Lopez = other@x.example"],
        ),
    ] {
        assert_eq!(offered(text), columns, "{text}");
        let unclear = read(text, None, 100).people;
        assert!(unclear.iter().all(|one| one.address == Err(EmailAddressError::UnclearColumn)), "{unclear:?}");
        for (chosen, expected) in [(1, first), (2, second)] {
            let chosen = read(text, Some(chosen), 100);
            let found: Vec<String> = chosen
                .people
                .iter()
                .map(|one| format!("{} = {}", one.name.as_deref().unwrap_or("?"), one.address.as_ref().unwrap()))
                .collect();
            assert_eq!(found, expected, "{text}");
            assert_eq!(chosen.columns.len(), 2, "the choice can be changed");
        }
        let elsewhere = read(text, Some(7), 100).people;
        assert_eq!(elsewhere, unclear, "a column that is none of them is no choice");
    }
}

#[test]
fn a_list_that_is_broken_into_lines_is_no_table() {
    for text in [
        "a@x.example, b@x.example\nc@x.example, d@x.example",
        "a@x.example\tb@x.example\nc@x.example\td@x.example",
        "Ana <a@x.example>; Bob <b@x.example>\nCleo <c@x.example>; Dan <d@x.example>",
        "Ana, a@x.example, Bob, b@x.example\nCleo, c@x.example, Dan, d@x.example",
    ] {
        assert_eq!(seen(text).len(), 4, "{text}");
        assert!(offered(text).is_empty() && parse(text).iter().all(|one| one.address.is_ok()), "{text}");
    }
}
