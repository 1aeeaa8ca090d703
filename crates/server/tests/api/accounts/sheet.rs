use sync::protocol::access::Sheet;

use super::accounts;
use crate::world::World;

/// The files themselves are read in `members/cases`; here, what the route adds.
#[tokio::test]
async fn a_spreadsheet_is_read_and_nothing_is_made() {
    let world = World::start().await;
    let admin = world.sign_in("admin").await;
    let xlsx = include_bytes!("../../../src/members/cases/members.xlsx").to_vec();
    let text = "Nom;Profession;Rôles\r\nClaire;Infirmière;professionnel\r\nOdile Ferran;Médecin;\r\n".into();
    for (file, members, refused) in [(xlsx, 2, 2), (text, 1, 1)] {
        let sheet: Sheet = admin.send("POST", "/api/accounts/sheet", file).await.read();
        assert_eq!((sheet.members.len(), sheet.refused.len()), (members, refused), "{sheet:?}");
        assert_eq!(sheet.members[0].login, "odile.ferran");
    }
    assert_eq!(accounts(&admin).await.len(), 4);

    for (file, status, code) in [
        (vec![b'x'; 2 * 1024 * 1024 + 1], 413, "sheet-too-large"),
        (b"PK\x03\x04".to_vec(), 400, "sheet-unreadable"),
        ("Prénom;Métier\n".into(), 400, "sheet-without-names"),
    ] {
        let problem = admin.send("POST", "/api/accounts/sheet", file).await.refused(status);
        assert_eq!(problem.code, code);
        assert!(problem.message.contains("rien n’est perdu"));
    }
}
