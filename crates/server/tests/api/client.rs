use crate::world::World;

#[tokio::test]
async fn every_answer_carries_the_policy() {
    let world = World::start().await;
    for path in ["/", "/personnes", "/absent.js", "/api/absent", "/api/pull", "/healthz"] {
        let reply = world.get(path, &[]).await;
        let policy = reply.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src")
        );
        assert!(!policy.contains("unsafe-inline") && !policy.contains("http"), "{policy}");
        assert!(policy.ends_with("frame-ancestors 'none'"));
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(reply.headers[name], value, "{path}");
        }
        assert!(reply.headers.contains_key("permissions-policy"));
        assert!(!reply.headers.contains_key("set-cookie"));
        assert!(reply.headers.contains_key("cache-control"), "{path}");
    }
    assert_eq!(world.get("/api/pull", &[]).await.headers["cache-control"], "no-store");
    assert_eq!(world.post("/", &[], "x").await.status, 405);
    assert_eq!(world.get("/..%2f..%2fCargo.toml", &[]).await.status, 404);
}
