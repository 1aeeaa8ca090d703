//! The same by the command line, where the first administrator comes from.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use server::store::Store;

fn run(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cardabelle"));
    command.args(arguments).arg("--data").arg(data).stdin(Stdio::null()).output().unwrap()
}

/// The token of the link that a command printed, under this address.
#[track_caller]
fn token(output: &Output, address: &str) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text} {}", String::from_utf8_lossy(&output.stderr));
    let begins = format!("{address}/activer#");
    let token = text.lines().find_map(|line| line.strip_prefix(&begins)).unwrap_or_else(|| panic!("{text}"));
    assert_eq!(token.len(), 64);
    token.to_owned()
}

#[tokio::test]
async fn commands_print_links() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let site = "https://cardabelle.exemple.fr";
    let init = run(data, &["init", "--territory", "CPTS", "--admin", "Odile", "--address", &format!("{site}/")]);
    let first = token(&init, site);
    let add = [
        "user",
        "add",
        "--login",
        "claire",
        "--name",
        "Claire",
        "--profession",
        "Infirmière",
        "--role",
        "professional",
    ];
    let claire = token(&run(data, &add), "http://127.0.0.1:8080");
    assert!(!run(data, &add).status.success(), "the login is taken");
    let listed = run(data, &["user", "list"]);
    assert_eq!(String::from_utf8_lossy(&listed.stdout).matches("(invité)").count(), 2);
    let another = token(&run(data, &["user", "link", "ODILE", "--forget-second-factor", "--address", site]), site);
    assert!(!run(data, &["user", "link", "nobody"]).status.success());

    let store = Store::open(data).await.unwrap();
    let territory = store.territory().await.unwrap().unwrap().id;
    let now = domain::Timestamp(1);
    let opened = async |token: &str| store.open_link(territory, token, now).await.unwrap();
    assert_eq!(opened(&first).await, None, "replaced");
    for token in [&claire, &another] {
        let link = opened(token).await.unwrap();
        assert!(link.totp_secret.is_some() && !link.keeps_password);
    }
    store.close().await;

    assert!(run(data, &["user", "disable", "--login", "claire"]).status.success());
    assert!(!run(data, &["user", "link", "claire"]).status.success(), "nothing would be opened");
}
