//! What is said of accounts, devices and roles.

use chrono::{NaiveDate, NaiveDateTime};
use domain::Timestamp;
use domain::french::{counted, full_day, join, short_day, time};
use domain::id::DeviceId;
use domain::people::Role;
use sync::protocol::access::{AccountLine, AccountState, DeviceLine, DeviceState};

use crate::notebook::{Trouble, TroubleKind};
use crate::ui::search_box::matches;

/// The roles an account is given, and what each opens.
pub const ROLES: [(Role, &str); 4] = [
    (Role::Professional, "Repère, suit les personnes dont elle s’occupe, voit leurs fiches."),
    (Role::Sentinel, "Remplit un premier repérage et le remet à un professionnel. Ne voit aucune autre fiche."),
    (Role::Coordinator, "Tient l’annuaire, les appels et les stands, voit les nombres. Ne voit pas les réponses."),
    (
        Role::Administrator,
        "Ouvre et ferme les comptes, met fin à l’accès d’un appareil. Ne voit aucune fiche de santé.",
    ),
];

/// The wall clock of this device at an instant.
pub type Clock<'a> = &'a dyn Fn(Timestamp) -> NaiveDateTime;

/// « professionnel et coordination »
pub fn roles(roles: &[Role]) -> String {
    let labels: Vec<&str> = roles.iter().copied().map(Role::label).collect();
    join(&labels)
}

/// The tag of an account in the list; none for one that is simply open.
pub fn tag(account: &AccountLine, now: Timestamp) -> Option<&'static str> {
    match (account.state, account.link_until) {
        (AccountState::Active, _) => None,
        (AccountState::Disabled, _) => Some("fermé"),
        (AccountState::Invited, Some(until)) if until > now => Some("invité"),
        (AccountState::Invited, _) => Some("lien périmé"),
    }
}

/// Where an account is, and what to do of it.
pub fn state(account: &AccountLine, now: Timestamp, clock: Clock<'_>) -> String {
    let until = account.link_until.filter(|until| *until > now).map(|until| moment(clock(until)));
    match (account.state, until) {
        (AccountState::Active, None) => "Ouvert".to_owned(),
        (AccountState::Active, Some(until)) => format!("Ouvert. Un lien attend, et sert jusqu’au {until}."),
        (AccountState::Disabled, _) => "Fermé. Cette personne ne peut plus se connecter.".to_owned(),
        (AccountState::Invited, Some(until)) => format!("Invité. Son lien attend, et sert jusqu’au {until}."),
        (AccountState::Invited, None) => {
            "Invité, mais son lien ne sert plus. Faites-en un nouveau, et remettez-le-lui.".to_owned()
        }
    }
}

/// Whether a code is asked of this person when she signs in.
pub fn second_factor(account: &AccountLine) -> &'static str {
    match (account.second_factor, account.state) {
        (true, _) => "En place",
        (false, AccountState::Invited) => "Se met en place avec le lien",
        (false, _) => "Aucun",
    }
}

/// What an exchange of this device would meet.
pub fn device(device: &DeviceLine, today: NaiveDate, clock: Clock<'_>) -> String {
    let until = full_day(clock(device.expires_at).date());
    let seen = clock(device.seen_at);
    let seen = format!("Dernier échange le {} à {}.", short_day(seen.date(), today), time(seen));
    match device.state {
        DeviceState::Open => format!("{seen} Échange jusqu’au {until}."),
        DeviceState::Expired => format!("{seen} N’échange plus jusqu’à la prochaine connexion."),
        DeviceState::Revoked => {
            format!("{seen} Accès terminé. Ce que cet appareil contient y est encore, chiffré.")
        }
        DeviceState::Wiped => "Accès terminé. Cet appareil a tout remis, puis il s’est vidé.".to_owned(),
    }
}

/// The tag of a device that is not simply open.
pub const fn device_tag(state: DeviceState) -> Option<&'static str> {
    match state {
        DeviceState::Open => None,
        DeviceState::Expired => Some("à reconnecter"),
        DeviceState::Revoked => Some("accès terminé"),
        DeviceState::Wiped => Some("vidé"),
    }
}

/// The devices that may hold something: neither ended nor empty.
pub fn holding(devices: &[DeviceLine]) -> Vec<DeviceId> {
    let open = |device: &&DeviceLine| matches!(device.state, DeviceState::Open | DeviceState::Expired);
    devices.iter().filter(open).map(|device| device.id).collect()
}

/// What happens to so many devices when their account closes.
pub fn closing(devices: usize) -> String {
    match devices {
        0 => "Aucun appareil n’est ouvert à son nom.".to_owned(),
        1 => "Son appareil n’échange plus rien avec le serveur.".to_owned(),
        _ => format!("Ses {} n’échangent plus rien avec le serveur.", counted(devices, "appareil", "appareils")),
    }
}

/// « 29 nov. 2026 à 10 h »
pub fn moment(at: NaiveDateTime) -> String {
    format!("{} à {}", full_day(at.date()), time(at))
}

/// Whether an account answers to what is typed.
pub fn answers(account: &AccountLine, typed: &str) -> bool {
    matches(typed, &format!("{} {} {} {}", account.name, account.login, account.profession, roles(&account.roles)))
}

/// These pages hold nothing: without the network they only wait.
pub fn unread(trouble: &Trouble) -> String {
    match trouble.kind {
        TroubleKind::NoNetwork => {
            "Le réseau est coupé. Rien n’est perdu\u{a0}: les comptes sont sur le serveur. Réessayez quand il sera revenu.".to_owned()
        }
        TroubleKind::ServerSilent => {
            "Le serveur ne répond pas. Rien n’est perdu\u{a0}: les comptes y sont gardés. Réessayez dans un moment.".to_owned()
        }
        _ => trouble.message.clone(),
    }
}

/// Accounts were asked for and no answer came: they may be made.
pub fn unsure(trouble: &Trouble) -> String {
    match trouble.kind {
        TroubleKind::NoNetwork | TroubleKind::ServerSilent => {
            "La réponse du serveur n’est pas arrivée. Ce que vous avez écrit est encore à l’écran. Avant de recommencer, regardez \
             la liste des comptes\u{a0}: s’ils y sont déjà, faites-leur un nouveau lien."
                .to_owned()
        }
        _ => trouble.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use domain::id::AccountId;
    use uuid::Uuid;

    use super::*;

    const DAY: i64 = 86_400_000;

    fn account(state: AccountState, link_until: Option<i64>) -> AccountLine {
        AccountLine {
            id: AccountId(Uuid::from_u128(1)),
            login: "claire.vidal".into(),
            name: "Claire Vidal".into(),
            profession: "Infirmière".into(),
            roles: vec![Role::Professional, Role::Coordinator],
            rpps: None,
            state,
            second_factor: false,
            link_until: link_until.map(Timestamp),
            devices: Vec::new(),
        }
    }

    fn device_of(state: DeviceState) -> DeviceLine {
        let (id, at) = (DeviceId(Uuid::from_u128(1)), Timestamp(DAY));
        DeviceLine { id, name: "iPad".into(), this: false, enrolled_at: at, seen_at: at, expires_at: at, state }
    }

    fn clock(at: Timestamp) -> NaiveDateTime {
        at.local(0)
    }

    #[test]
    fn a_link_that_is_past_is_told_from_one_that_waits() {
        let now = Timestamp(2 * DAY);
        let (waits, past) = (account(AccountState::Invited, Some(3 * DAY)), account(AccountState::Invited, Some(DAY)));
        assert_eq!((tag(&waits, now), tag(&past, now)), (Some("invité"), Some("lien périmé")));
        assert!(state(&waits, now, &clock).ends_with("sert jusqu’au 4\u{a0}janv.\u{a0}1970 à 0\u{a0}h."));
        assert!(state(&past, now, &clock).contains("Faites-en un nouveau"));
        assert_eq!(state(&past, now, &clock), state(&account(AccountState::Invited, None), now, &clock));
        assert_eq!(tag(&account(AccountState::Active, Some(3 * DAY)), now), None);
        assert_eq!(tag(&account(AccountState::Disabled, Some(3 * DAY)), now), Some("fermé"));
    }

    #[test]
    fn an_account_is_found_by_what_is_known_of_it() {
        let claire = account(AccountState::Active, None);
        for typed in ["", "vid", "claire.v", "infirm", "coord", "vidal claire"] {
            assert!(answers(&claire, typed), "{typed}");
        }
        assert!(!answers(&claire, "karim"));
    }

    #[test]
    fn what_closing_does_to_the_devices_is_counted() {
        use DeviceState::{Expired, Open, Revoked, Wiped};
        let told =
            |states: &[DeviceState]| closing(holding(&states.iter().copied().map(device_of).collect::<Vec<_>>()).len());
        assert_eq!(told(&[Revoked, Wiped]), "Aucun appareil n’est ouvert à son nom.");
        assert!(told(&[Open, Revoked]).starts_with("Son appareil"));
        assert!(told(&[Open, Expired]).starts_with("Ses 2\u{a0}appareils"));
    }

    #[test]
    fn a_device_says_what_it_still_holds() {
        let today = clock(Timestamp(DAY)).date();
        let told = |state| device(&device_of(state), today, &clock);
        assert_eq!(
            told(DeviceState::Open),
            "Dernier échange le 2\u{a0}janv. à 0\u{a0}h. Échange jusqu’au 2\u{a0}janv.\u{a0}1970."
        );
        assert!(told(DeviceState::Revoked).ends_with("y est encore, chiffré."));
        assert!(told(DeviceState::Wiped).contains("s’est vidé"));
    }
}
