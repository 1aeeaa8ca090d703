//! Requests that a page of another site makes a browser send.

use crate::world::{World, send};

#[tokio::test]
async fn a_page_of_another_site_is_not_heard() {
    let world = World::start().await;
    let claire = world.sign_in("claire").await;
    let bearer = format!("Bearer {}", claire.signed_in.token);
    let ask = async |method: &str, path: &str, headers: &[(&str, &str)]| {
        let headers: Vec<_> = headers.iter().copied().chain([("authorization", bearer.as_str())]).collect();
        send(world.address, method, path, &headers, vec![]).await.unwrap()
    };
    // The requests of these tests name this host.
    let ours = [
        &[][..],
        &[("origin", "http://localhost")],
        &[("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "same-origin"), ("origin", "http://localhost")],
        &[("sec-fetch-site", "none")],
    ];
    for headers in ours {
        let reply = ask("GET", "/api/pull?epoch=1&since=0", headers).await;
        assert_eq!(reply.status, 200, "{headers:?}");
    }
    let others = [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost")],
        &[("origin", "https://other.example")],
        &[("origin", "http://localhost.other.example")],
        &[("origin", "http://localhost:81")],
        &[("origin", "null")],
    ];
    for headers in others {
        for (method, path) in [
            ("GET", "/api/pull?epoch=1&since=0"),
            ("POST", "/api/sign-in"),
            ("POST", "/api/sign-out"),
            ("GET", "/api/public/annuaire"),
            ("OPTIONS", "/api/push"),
            ("GET", "/api/absent"),
        ] {
            let reply = ask(method, path, headers).await;
            assert_eq!(reply.refused(403).code, "other-origin", "{method} {path} {headers:?}");
            assert!(
                !reply.headers.keys().any(|name| name.as_str().starts_with("access-control")),
                "{:?}",
                reply.headers
            );
        }
    }
    // She was not signed out by what was refused, and no answer ever invites another site.
    let reply = ask("GET", "/api/pull?epoch=1&since=0", &[]).await;
    assert_eq!(reply.status, 200);
    assert!(!reply.headers.keys().any(|name| name.as_str().starts_with("access-control")));
    let page = ask("GET", "/", &[("sec-fetch-site", "cross-site")]).await;
    assert_ne!(page.status, 403, "a link from elsewhere opens the application");
}
