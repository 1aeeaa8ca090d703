//! Errors a person can read: what happened, that nothing is lost, what to do. Never health data.

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sync::protocol::{Problem, access};

use crate::store::StoreError;

/// An error on its way out.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
    position: Option<usize>,
    /// Seconds before trying again makes sense.
    retry_after: Option<u64>,
}

/// Answer of an API route.
pub type Answer<T> = Result<T, Refusal>;

const fn refusal(status: StatusCode, code: &'static str, message: &'static str) -> Refusal {
    Refusal { status, code, message, position: None, retry_after: None }
}

pub const WRONG_PASSWORD: Refusal = refusal(
    StatusCode::UNAUTHORIZED,
    "wrong-password",
    "L’identifiant ou le mot de passe n’est pas le bon. Vos saisies sont gardées ici. Vérifiez-les, ou appelez la coordination.",
);
pub const CODE_WANTED: Refusal = refusal(
    StatusCode::UNAUTHORIZED,
    access::CODE_WANTED,
    "Il reste à donner votre code de connexion. Vos saisies sont gardées ici. Tapez les six chiffres que montre votre téléphone, ou l’un de vos codes de secours.",
);
pub const WRONG_CODE: Refusal = refusal(
    StatusCode::UNAUTHORIZED,
    "wrong-code",
    "Ce code n’est pas le bon, ou il a déjà servi. Vos saisies sont gardées ici. Attendez que votre téléphone en montre un autre (30\u{a0}secondes au plus), puis tapez-le.",
);
pub const SECOND_FACTOR_WANTED: Refusal = refusal(
    StatusCode::FORBIDDEN,
    access::SECOND_FACTOR_WANTED,
    "Votre compte n’a pas encore de code de connexion, et il en faut un. Vos saisies sont gardées ici. Réglez-le maintenant, avec votre téléphone.",
);
pub const LINK_SPENT: Refusal = refusal(
    StatusCode::NOT_FOUND,
    access::LINK_SPENT,
    "Ce lien ne sert plus\u{a0}: il a déjà servi, il a plus de sept jours, ou un autre l’a remplacé. Rien n’est perdu. Demandez un nouveau lien à la coordination.",
);
pub const PSC_DOWN: Refusal = refusal(
    StatusCode::SERVICE_UNAVAILABLE,
    "psc-down",
    "Pro Santé Connect ne répond pas. Rien n’est perdu, et vos saisies sont gardées ici. Réessayez dans quelques minutes.",
);
pub const PSC_SPENT: Refusal = refusal(
    StatusCode::UNAUTHORIZED,
    access::PSC_SPENT,
    "Ce retour de Pro Santé Connect ne sert plus\u{a0}: il a déjà servi, ou il est trop ancien. Rien n’est perdu, et vos saisies sont gardées ici. Identifiez-vous à nouveau.",
);
pub const SHORT_PASSWORD: Refusal = refusal(
    StatusCode::BAD_REQUEST,
    "short-password",
    "Ce mot de passe est trop court, ou beaucoup trop long. Rien n’a changé, rien n’est perdu. Choisissez-en un de 12\u{a0}caractères au moins\u{a0}: quatre mots au hasard, par exemple.",
);
pub const OTHER_ORIGIN: Refusal = refusal(
    StatusCode::FORBIDDEN,
    "other-origin",
    "Cette demande vient d’un autre site\u{a0}: le serveur ne l’a pas lue. Rien n’est perdu. Ouvrez Cardabelle à son adresse habituelle, et recommencez.",
);
pub const NO_ACCOUNT: Refusal = refusal(
    StatusCode::NOT_FOUND,
    "no-account",
    "Ce compte n’est pas dans votre liste. Rien n’a changé, rien n’est perdu. Relisez la liste des comptes.",
);
pub const ACCOUNT_CLOSED: Refusal = refusal(
    StatusCode::CONFLICT,
    "account-closed",
    "Ce compte est fermé\u{a0}: un lien n’y ouvrirait rien. Rien n’a changé, rien n’est perdu. Ouvrez-le à nouveau, puis redemandez un lien.",
);
pub const LAST_ADMINISTRATOR: Refusal = refusal(
    StatusCode::CONFLICT,
    "last-administrator",
    "C’est le dernier compte d’administration en service\u{a0}: sans lui, plus personne ne pourrait gérer les accès. Rien n’a changé, rien n’est perdu. Faites d’abord activer un autre compte d’administration.",
);
pub const WRONG_DAYS: Refusal = refusal(
    StatusCode::BAD_REQUEST,
    "wrong-days",
    "Il faut un nombre de jours de 1 à 365, en chiffres. Rien n’a changé, rien n’est perdu. Tapez-le à nouveau.",
);
pub const WRONG_MONTHS: Refusal = refusal(
    StatusCode::BAD_REQUEST,
    "wrong-months",
    "Cette durée n’est pas permise. Rien n’a changé, rien n’est perdu. Tapez un nombre de mois, en chiffres, entre ceux qui sont écrits.",
);
pub const NO_SUCH_COMMUNE: Refusal = refusal(
    StatusCode::NOT_FOUND,
    "no-such-commune",
    "Aucune autre commune n’a ce nom ni ce code. Rien n’a changé, rien n’est perdu. Vérifiez-le, ou tapez le code postal.",
);
pub const TOO_MANY_MEMBERS: Refusal = refusal(
    StatusCode::PAYLOAD_TOO_LARGE,
    "too-many-members",
    "Vous invitez trop de personnes à la fois (1\u{202f}000 au plus). Personne n’a été invité, rien n’est perdu. Recommencez en plusieurs fois.",
);
pub const SHEET_TOO_LARGE: Refusal = refusal(
    StatusCode::PAYLOAD_TOO_LARGE,
    "sheet-too-large",
    "Ce fichier est trop lourd (2\u{a0}Mo et 1\u{202f}000 lignes au plus). Personne n’a été invité, rien n’est perdu. Gardez une seule feuille, sans images, ou faites plusieurs fichiers.",
);
pub const SHEET_UNREADABLE: Refusal = refusal(
    StatusCode::BAD_REQUEST,
    "sheet-unreadable",
    "Ce fichier n’est pas un tableau lisible. Personne n’a été invité, rien n’est perdu. Enregistrez-le au format Excel (.xlsx) ou CSV, puis recommencez.",
);
pub const SHEET_WITHOUT_NAMES: Refusal = refusal(
    StatusCode::BAD_REQUEST,
    "sheet-without-names",
    "Aucune colonne «\u{a0}Nom\u{a0}» dans les premières lignes de ce tableau. Personne n’a été invité, rien n’est perdu. Donnez un titre à chaque colonne (Nom, Prénom, Profession, Rôles), puis recommencez.",
);
pub const NO_TOKEN: Refusal = refusal(
    StatusCode::UNAUTHORIZED,
    "device-unknown",
    "Le serveur ne reconnaît pas cet appareil. Vos saisies sont gardées ici. Identifiez-vous à nouveau pour les envoyer.",
);
pub const EXPIRED: Refusal = refusal(
    StatusCode::UNAUTHORIZED,
    "device-expired",
    "Votre dernière identification est trop ancienne. Vos saisies sont gardées ici. Identifiez-vous pour les envoyer.",
);
pub const REVOKED: Refusal = refusal(
    StatusCode::UNAUTHORIZED,
    "device-revoked",
    "L’accès de cet appareil a été retiré. Vos saisies partent au serveur avant que ce carnet s’efface. Identifiez-vous à nouveau, ou appelez la coordination.",
);
pub const DISABLED: Refusal = refusal(
    StatusCode::UNAUTHORIZED,
    "account-disabled",
    "Votre accès à ce territoire a pris fin. Vos saisies sont gardées ici. Si c’est une erreur, appelez la coordination.",
);
pub const OLD_PROTOCOL: Refusal = refusal(
    StatusCode::UPGRADE_REQUIRED,
    "old-protocol",
    "Cette version de Cardabelle est trop ancienne pour le serveur. Vos saisies sont gardées ici. Fermez l’application puis ouvrez-la à nouveau, avec du réseau.",
);
pub const NEW_PROTOCOL: Refusal = refusal(
    StatusCode::UPGRADE_REQUIRED,
    "new-protocol",
    "Le serveur est plus ancien que cette version de Cardabelle. Vos saisies sont gardées ici. Elles partiront quand il sera mis à jour.",
);
pub const NOT_FOUND: Refusal =
    refusal(StatusCode::NOT_FOUND, "not-found", "Cette adresse n’existe pas. Rien n’est perdu. Revenez à l’accueil.");
pub const NOT_ALLOWED: Refusal = refusal(
    StatusCode::METHOD_NOT_ALLOWED,
    "method-not-allowed",
    "Cette adresse ne se demande pas ainsi. Rien n’est perdu. Revenez à l’accueil.",
);
pub const NO_RECORD: Refusal = refusal(
    StatusCode::NOT_FOUND,
    "no-record",
    "Le serveur n’a rien à vous montrer de cette fiche. Vos saisies sont gardées ici. Si elle vient d’être créée, attendez qu’elle soit envoyée.",
);
pub const FORBIDDEN: Refusal = refusal(
    StatusCode::FORBIDDEN,
    "forbidden",
    "Votre rôle ne permet pas cette action. Rien n’est perdu. Si vous en avez besoin, appelez la coordination.",
);
pub const UNREADABLE: Refusal = refusal(
    StatusCode::BAD_REQUEST,
    "unreadable",
    "Le serveur n’a pas pu lire la demande. Rien n’est perdu. Essayez à nouveau dans un instant.",
);
pub const TOO_LARGE: Refusal = refusal(
    StatusCode::PAYLOAD_TOO_LARGE,
    "too-large",
    "La demande est trop longue pour le serveur. Vos saisies sont gardées ici. Si cela se répète, appelez la coordination.",
);
const TOO_SLOW: Refusal = refusal(
    StatusCode::REQUEST_TIMEOUT,
    "too-slow",
    "Le serveur a mis trop de temps à répondre. Vos saisies sont gardées ici. Nous réessayons tout seuls, vous pouvez travailler.",
);
const BAD_OPERATION: Refusal = refusal(
    StatusCode::BAD_REQUEST,
    "bad-operation",
    "Une saisie n’a pas pu être lue. Elle est mise de côté sur cet appareil, rien n’est effacé. Les autres partiront sans elle.",
);
const TOO_MANY_TRIES: Refusal = refusal(
    StatusCode::TOO_MANY_REQUESTS,
    "too-many-tries",
    "Trop d’essais à la suite. Vos saisies sont gardées ici. Attendez un peu, puis essayez à nouveau.",
);
pub const SEAL_UNREADABLE: Refusal = refusal(
    StatusCode::BAD_REQUEST,
    "seal-unreadable",
    "Ce fichier n’est pas un fichier de saisies, ou il est abîmé. Rien n’est perdu\u{a0}: les saisies sont toujours sur l’appareil d’où il vient. Exportez-les à nouveau.",
);
pub const SEAL_CLOSED: Refusal = refusal(
    StatusCode::BAD_REQUEST,
    "seal-closed",
    "Ce fichier ne s’ouvre pas\u{a0}: il a été abîmé, ou il est destiné à un autre territoire. Rien n’est perdu\u{a0}: les saisies sont toujours sur l’appareil d’où il vient. Exportez-les à nouveau.",
);
pub const SEAL_UNKNOWN: Refusal = refusal(
    StatusCode::BAD_REQUEST,
    "seal-unknown",
    "Ce fichier vient d’un appareil que le serveur ne reconnaît pas. Rien n’en a été reçu, rien n’est effacé. Gardez le fichier et appelez la coordination.",
);
pub const SEAL_TOO_LARGE: Refusal = refusal(
    StatusCode::PAYLOAD_TOO_LARGE,
    "seal-too-large",
    "Ce fichier est trop lourd pour être envoyé d’ici. Rien n’est perdu. Gardez-le et confiez-le à la personne qui s’occupe du serveur\u{a0}: elle saura le recevoir.",
);
pub const IMPORT_TOO_LARGE: Refusal = refusal(
    StatusCode::PAYLOAD_TOO_LARGE,
    "import-too-large",
    "Cet extrait est trop lourd pour être importé d’ici (16\u{a0}Mo au plus). Rien n’a été importé, rien n’est perdu. Prenez un extrait plus petit, ou confiez le fichier à la personne qui s’occupe du serveur.",
);
pub const IMPORT_TOO_MANY: Refusal = refusal(
    StatusCode::PAYLOAD_TOO_LARGE,
    "import-too-many",
    "Cet extrait a trop de fiches pour être importé d’ici (5\u{202f}000 au plus). Rien n’a été importé, rien n’est perdu. Prenez un extrait plus petit, ou confiez le fichier à la personne qui s’occupe du serveur.",
);
pub const IMPORT_TOO_LONG: Refusal = refusal(
    StatusCode::BAD_REQUEST,
    "import-too-long",
    "Un texte de cet extrait dépasse 300 caractères\u{a0}: ce n’est pas un fichier officiel. Rien n’a été importé, rien n’est perdu. Téléchargez le fichier à nouveau, et recommencez.",
);
pub const IMPORT_UNREADABLE: Refusal = refusal(
    StatusCode::BAD_REQUEST,
    "import-unreadable",
    "Le serveur n’a pas pu lire cet extrait. Rien n’a été importé, rien n’est perdu. Fermez l’application puis ouvrez-la à nouveau, et recommencez.",
);
pub const IMPORT_OLDER: Refusal = refusal(
    StatusCode::CONFLICT,
    "import-older",
    "Un fichier plus récent a déjà été importé. Rien n’a été importé, rien n’est perdu. Prenez le fichier de ce mois.",
);
pub const IMPORT_FUTURE: Refusal = refusal(
    StatusCode::CONFLICT,
    "import-future",
    "Ce fichier porte une date à venir. Rien n’a été importé, rien n’est perdu. Vérifiez le jour du fichier.",
);
pub const IMPORT_MANY_GONE: Refusal = refusal(
    StatusCode::CONFLICT,
    "import-many-gone",
    "Trop de fiches manquent dans ce fichier\u{a0}: il est sans doute coupé, ou d’un autre endroit. Rien n’a été importé, rien n’est perdu. Vérifiez le fichier.",
);
pub const IMPORT_LATER: Refusal = refusal(
    StatusCode::CONFLICT,
    "import-later",
    "Un import plus récent du même registre dépend de celui-ci. Rien n’a changé, rien n’est perdu. Dans la liste, annulez d’abord le plus récent, puis celui-ci.",
);
pub const NO_DEVICE: Refusal = refusal(
    StatusCode::NOT_FOUND,
    "no-device",
    "Cet appareil n’est pas dans votre liste. Rien n’a changé, rien n’est perdu. Relisez la liste des appareils.",
);
pub const NO_NAME: Refusal = refusal(
    StatusCode::BAD_REQUEST,
    "no-name",
    "Il manque un nom. Rien n’a changé, rien n’est perdu. Écrivez-le, puis enregistrez à nouveau.",
);
pub const DEVICE_WIPED: Refusal = refusal(
    StatusCode::CONFLICT,
    "device-wiped",
    "Ce carnet s’est déjà effacé, après avoir envoyé ses saisies. Rien n’est perdu. Pour reprendre sur cet appareil, identifiez-vous dessus.",
);
pub const NOT_REVOKED: Refusal = refusal(
    StatusCode::CONFLICT,
    "device-not-revoked",
    "L’accès de cet appareil lui a été rendu. Rien n’est perdu, rien n’est à effacer. Vous pouvez continuer à travailler.",
);
pub const NO_STAND: Refusal = refusal(
    StatusCode::NOT_FOUND,
    "no-stand",
    "Ce stand n’est pas dans votre liste. Rien n’a changé, rien n’est perdu. Relisez la liste des stands.",
);
pub const STAND_OVER: Refusal = refusal(
    StatusCode::BAD_REQUEST,
    "stand-over",
    "L’heure de fin du stand est déjà passée. Rien n’a été ouvert, rien n’est perdu. Choisissez une heure à venir, et vérifiez l’heure de cet appareil.",
);
pub const NO_VENUE: Refusal = refusal(
    StatusCode::CONFLICT,
    "no-venue",
    "Le stand choisi n’est pas encore arrivé au serveur, ou il a été supprimé. Rien n’a été ouvert, rien n’est perdu. Attendez «\u{a0}Tout est envoyé\u{a0}», relisez la liste, puis recommencez.",
);
pub const INVITATION_SPENT: Refusal = refusal(
    StatusCode::NOT_FOUND,
    access::INVITATION_SPENT,
    "Ce code ne sert plus\u{a0}: le stand est fini. Rien n’a été noté, rien n’est perdu. Demandez un autre code aux personnes du stand.",
);
pub const STAND_UNKNOWN: Refusal = refusal(
    StatusCode::UNAUTHORIZED,
    access::STAND_UNKNOWN,
    "Le serveur ne reconnaît pas ce stand. Rien n’est perdu\u{a0}: les saisies restent sur cet appareil. Gardez-le, et appelez la coordination.",
);
pub const NO_COMMUNE: Refusal = refusal(
    StatusCode::CONFLICT,
    "no-commune",
    "Le territoire n’a pas encore de commune. Rien n’a été importé, rien n’est perdu. Demandez à la personne qui s’occupe du serveur de les ajouter.",
);
pub const NO_IMPORT: Refusal = refusal(
    StatusCode::NOT_FOUND,
    "no-import",
    "Cet import n’existe pas. Rien n’est perdu. Revenez à la liste des imports.",
);
pub const IMPORT_UNDONE: Refusal = refusal(
    StatusCode::CONFLICT,
    "import-undone",
    "Cet import a déjà été annulé. Rien n’est perdu. Revenez à la liste des imports.",
);
pub const IMPORT_BUSY: Refusal = refusal(
    StatusCode::CONFLICT,
    "import-busy",
    "L’annuaire change en ce moment même. Rien n’a été écrit, rien n’est perdu. Recommencez dans un instant.",
);
pub const NO_DIFFERENCE: Refusal = refusal(
    StatusCode::NOT_FOUND,
    "no-difference",
    "Cette fiche a changé depuis, ou la question est déjà réglée. Rien n’a été écrit, rien n’est perdu. Relisez la liste.",
);
pub const NO_REPORT: Refusal = refusal(
    StatusCode::NOT_FOUND,
    "no-report",
    "Ce signalement n’existe pas. Rien n’est perdu. Revenez à la liste des signalements.",
);
pub const FULL: Refusal = refusal(
    StatusCode::SERVICE_UNAVAILABLE,
    "server-full",
    "Le serveur n’a plus de place. Vos saisies sont gardées ici. Prévenez la coordination, l’envoi reprendra tout seul.",
);
pub const FAULT: Refusal = refusal(
    StatusCode::INTERNAL_SERVER_ERROR,
    "server-fault",
    "Le serveur a rencontré une panne. Vos saisies sont gardées ici. Nous réessayons tout seuls, vous pouvez travailler.",
);

impl Refusal {
    /// The push is refused because of the operation at this position; nothing of it was stored.
    pub const fn bad_operation(position: usize) -> Self {
        let mut refusal = BAD_OPERATION;
        refusal.position = Some(position);
        refusal
    }

    pub const fn too_many_tries(seconds: u64) -> Self {
        let mut refusal = TOO_MANY_TRIES;
        refusal.retry_after = Some(seconds);
        refusal
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        // The text of the error names codes and constraints, never values.
        match error {
            StoreError::Full(_) => {
                tracing::error!(%error, "the disk takes no more");
                FULL
            }
            _ => {
                tracing::error!(%error, "the database failed");
                FAULT
            }
        }
    }
}

/// Gives the words of a person to what the layers refuse by themselves: too slow, too large, an encoding nobody knows.
pub async fn worded(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    match response.status() {
        status if json || !(status.is_client_error() || status.is_server_error()) => response,
        StatusCode::REQUEST_TIMEOUT => TOO_SLOW.into_response(),
        StatusCode::PAYLOAD_TOO_LARGE => TOO_LARGE.into_response(),
        status if status.is_client_error() => Refusal { status, ..UNREADABLE }.into_response(),
        status => Refusal { status, ..FAULT }.into_response(),
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = Problem { code: self.code.into(), message: self.message.into(), position: self.position };
        let mut response = (self.status, Json(problem)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
