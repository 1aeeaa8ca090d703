//! What can go wrong, as a person reads it: what happened, that nothing is lost, what to do.

use sync::protocol::access;
use sync::{SaveError, StoreError};

use crate::platform::crypto::CryptoError;
use crate::platform::idb::NEWER;
use crate::platform::server::Failure;

/// Something that could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub kind: TroubleKind,
    /// French, three short sentences, never a name nor a value.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    NoNetwork,
    ServerSilent,
    /// The server said no; the message is its own.
    Refused,
    /// A full sign-in lacks its code.
    CodeWanted,
    /// The password is right, and the account must have a second factor first.
    SecondFactorWanted,
    /// A one-time link that serves no more.
    LinkSpent,
    /// The code of a stand that serves no more.
    InvitationSpent,
    /// This browser holds a stand: nobody signs herself up in it.
    StandHere,
    /// A full sign-in from the open notebook was another account's.
    OtherNotebook,
    WrongPassphrase,
    /// The present passphrase, asked again inside the open notebook.
    NotThePassphrase,
    WeakPassphrase,
    /// Not the code of the quick lock; the message is made where the tries are counted.
    WrongCode,
    WeakCode,
    /// The finger was not given, or the machine has forgotten its key.
    FingerprintCancelled,
    FingerprintUnsupported,
    /// The machine gave a key that opens nothing here any more.
    FingerprintUnknown,
    /// The fingerprint cannot go: nothing else opens the notebook.
    OnlyWayIn,
    /// The notebook is locked, or nobody signed in.
    Locked,
    StorageFull,
    /// The browser closed the database; it is opened again.
    StorageClosed,
    /// Another tab keeps an older version open.
    StorageBlocked,
    StorageRefused,
    StorageUnreadable,
    /// A newer version of the application was here.
    StorageNewer,
    /// The server's key was never received, so no file can be closed.
    NoSealKey,
    NothingToExport,
    /// The browser downloads nothing.
    Download,
    /// Not a file of waiting entries.
    WrongFile,
    /// The record was erased or refused meanwhile.
    Gone,
    /// The person took back her consent to be recorded.
    Withdrawn,
}

impl TroubleKind {
    const fn message(self) -> &'static str {
        match self {
            Self::NoNetwork => {
                "Le réseau est coupé. Vos saisies sont gardées sur cet appareil. Réessayez quand il sera revenu."
            }
            Self::ServerSilent => {
                "Le serveur ne répond pas. Vos saisies sont gardées sur cet appareil. Réessayez dans un moment."
            }
            Self::OtherNotebook => {
                "Ce compte n’est pas celui du carnet ouvert, ou l’accès de cet appareil a pris fin. Rien n’a changé ici. \
                 Vérifiez l’identifiant, ou verrouillez ce carnet pour ouvrir l’autre."
            }
            Self::Refused | Self::CodeWanted | Self::SecondFactorWanted | Self::LinkSpent | Self::InvitationSpent => {
                "Le serveur a refusé. Vos saisies sont gardées sur cet appareil. Prévenez la coordination."
            }
            Self::StandHere => {
                "Ce téléphone tient lui-même un stand. Rien n’y a changé. Inscrivez la personne depuis le stand, ou \
                 scannez le code avec un autre téléphone."
            }
            Self::WrongPassphrase => {
                "Cette phrase n’est pas la bonne. Vos saisies restent protégées ici. Réessayez, ou touchez \
                 «\u{a0}Phrase oubliée\u{a0}»."
            }
            Self::NotThePassphrase => "Cette phrase n’est pas la bonne. Rien n’a changé. Réessayez.",
            Self::WrongCode => {
                "Ce code n’est pas le bon. Vos saisies restent protégées ici. Réessayez, ou ouvrez le carnet autrement."
            }
            Self::WeakCode => {
                "Ce code est trop simple. Rien n’a changé. Choisissez six chiffres qui ne se répètent pas et ne se suivent pas."
            }
            Self::FingerprintCancelled => {
                "L’appareil n’a pas reconnu votre empreinte, ou vous avez annulé. Vos saisies restent protégées ici. \
                 Réessayez, ou choisissez une autre façon ci-dessous."
            }
            Self::FingerprintUnsupported => {
                "Cet appareil ne sait pas ouvrir un carnet par l’empreinte. Rien n’est perdu. Passez par une phrase de passe."
            }
            Self::FingerprintUnknown => {
                "Cette empreinte n’ouvre plus de carnet ici. Vos saisies restent protégées. Choisissez une autre façon \
                 ci-dessous."
            }
            Self::OnlyWayIn => {
                "L’empreinte est la seule façon d’ouvrir ce carnet. Rien n’a changé. Choisissez d’abord une phrase de passe."
            }
            Self::WeakPassphrase => {
                "Cette phrase est trop courte. Rien n’est perdu. Choisissez au moins 12\u{a0}caractères, ou gardez les \
                 quatre mots proposés."
            }
            Self::Withdrawn => {
                "Cette personne a retiré son accord. Ce qui était gardé le reste, rien de nouveau ne l’est. Redemandez-lui \
                 son accord avant de continuer."
            }
            Self::Locked => {
                "Le carnet est verrouillé. Ce qui était enregistré est gardé. Déverrouillez-le pour continuer."
            }
            Self::StorageFull => {
                "Cet appareil est plein. Ce que vous venez d’écrire est encore à l’écran, pas sur le disque. Libérez de \
                 la place sans fermer cette page\u{202f}: nous réessayons."
            }
            Self::StorageClosed => {
                "Le navigateur a fermé le carnet. Ce que vous venez d’écrire est encore à l’écran. Nous le rouvrons\
                 \u{202f}: ne fermez pas cette page."
            }
            Self::StorageBlocked => {
                "Un autre onglet garde une version plus ancienne ouverte. Rien n’est perdu. Fermez les autres onglets de \
                 Cardabelle, puis réessayez."
            }
            Self::StorageRefused => {
                "Le navigateur refuse de garder des données. Rien de ce qui était gardé n’est effacé. Quittez la \
                 navigation privée ou autorisez le stockage, puis rechargez la page."
            }
            Self::StorageUnreadable => {
                "Une donnée de cet appareil ne peut pas être lue. Rien n’est effacé. Rechargez la page, et prévenez la \
                 coordination si cela continue."
            }
            Self::StorageNewer => {
                "Une version plus récente de Cardabelle a été ouverte ici. Rien n’est effacé. Rechargez la page avec du \
                 réseau pour la retrouver."
            }
            Self::NoSealKey => {
                "Cet appareil n’a pas encore reçu de quoi fermer le fichier. Vos saisies sont gardées ici. Ouvrez \
                 l’application une fois avec du réseau, puis réessayez."
            }
            Self::NothingToExport => {
                "Il n’y a rien à exporter. Rien n’est perdu\u{202f}: aucune saisie n’attend d’être envoyée."
            }
            Self::Download => {
                "Ce navigateur n’enregistre pas de fichier. Vos saisies sont gardées ici. Essayez avec un autre navigateur \
                 seulement si elles y ont été écrites."
            }
            Self::WrongFile => {
                "Ce n’est pas un fichier de saisies. Rien n’a changé. Choisissez le fichier dont le nom commence par \
                 «\u{a0}cardabelle-saisies\u{a0}»."
            }
            Self::Gone => {
                "Cette fiche n’existe plus sur cet appareil. Les autres saisies sont gardées. Revenez à la liste."
            }
        }
    }
}

impl From<TroubleKind> for Trouble {
    fn from(kind: TroubleKind) -> Self {
        Self { kind, message: kind.message().to_owned() }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => TroubleKind::StorageFull,
            StoreError::Closed | StoreError::Moved => TroubleKind::StorageClosed,
            StoreError::Blocked => TroubleKind::StorageBlocked,
            StoreError::Refused => TroubleKind::StorageRefused,
            StoreError::Failed(why) if why == NEWER => TroubleKind::StorageNewer,
            StoreError::Corrupt(_) | StoreError::Failed(_) => TroubleKind::StorageUnreadable,
        }
        .into()
    }
}

impl From<SaveError> for Trouble {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Store(error) => error.into(),
            SaveError::Gone => TroubleKind::Gone.into(),
        }
    }
}

impl From<CryptoError> for Trouble {
    fn from(_: CryptoError) -> Self {
        TroubleKind::StorageUnreadable.into()
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unreachable if !crate::platform::page::is_online() => TroubleKind::NoNetwork.into(),
            Failure::Unreachable | Failure::Silent => TroubleKind::ServerSilent.into(),
            Failure::Problem { problem, .. } => {
                let kind = match problem.code.as_str() {
                    access::CODE_WANTED => TroubleKind::CodeWanted,
                    access::SECOND_FACTOR_WANTED => TroubleKind::SecondFactorWanted,
                    access::LINK_SPENT => TroubleKind::LinkSpent,
                    access::INVITATION_SPENT => TroubleKind::InvitationSpent,
                    _ => TroubleKind::Refused,
                };
                Self { kind, message: problem.message }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_full_disk_is_told_from_a_closed_one() {
        assert_eq!(Trouble::from(StoreError::Full).kind, TroubleKind::StorageFull);
        assert_eq!(Trouble::from(StoreError::Closed).kind, TroubleKind::StorageClosed);
        assert_eq!(Trouble::from(StoreError::Blocked).kind, TroubleKind::StorageBlocked);
        assert_eq!(Trouble::from(StoreError::Refused).kind, TroubleKind::StorageRefused);
    }
}
