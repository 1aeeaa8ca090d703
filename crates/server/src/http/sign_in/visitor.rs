//! Where a visitor is, as far as delays care.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

const FORWARDED: &str = "x-forwarded-for";

/// The address of the visitor. Behind the trusted proxy that is what the proxy wrote, else everybody would share the
/// proxy's address and its delays. It appends: what stands before its own word is what the visitor claims.
pub fn address(peer: IpAddr, proxy: Option<IpAddr>, headers: &HeaderMap) -> IpAddr {
    let peer = peer.to_canonical();
    if proxy.map(|proxy| proxy.to_canonical()) != Some(peer) {
        return peer;
    }
    let line = headers.get_all(FORWARDED).iter().next_back().and_then(|line| line.to_str().ok());
    line.and_then(|line| line.rsplit(',').next()).and_then(|last| written(last.trim())).unwrap_or(peer)
}

/// An address as proxies write it, with or without the port.
fn written(text: &str) -> Option<IpAddr> {
    let address = text.parse().or_else(|_| text.parse().map(|address: SocketAddr| address.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_the_last_word_of_the_proxy_counts() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let (peer, proxy) = ("10.0.0.1", Some(ip("10.0.0.1")));
        let seen = |peer: &str, proxy, lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(FORWARDED, HeaderValue::from_static(line));
            }
            address(ip(peer), proxy, &headers)
        };
        assert_eq!(seen(peer, proxy, &["192.0.2.7"]), ip("192.0.2.7"));
        assert_eq!(seen(peer, proxy, &["203.0.113.9, 192.0.2.7"]), ip("192.0.2.7"), "the rest is a claim");
        assert_eq!(seen(peer, proxy, &["203.0.113.9", "192.0.2.7"]), ip("192.0.2.7"));
        assert_eq!(seen(peer, proxy, &["2001:db8::7"]), ip("2001:db8::7"));
        assert_eq!(seen(peer, proxy, &["192.0.2.7:4711"]), ip("192.0.2.7"), "some proxies add the port");
        assert_eq!(seen(peer, proxy, &["[2001:db8::7]:4711"]), ip("2001:db8::7"));
        assert_eq!(seen("::ffff:10.0.0.1", proxy, &["::ffff:192.0.2.7"]), ip("192.0.2.7"), "a dual-stack socket");
        for silent in [&[][..], &[""], &["unknown"], &["192.0.2.7, _hidden"]] {
            assert_eq!(seen(peer, proxy, silent), ip(peer), "{silent:?}");
        }
        assert_eq!(seen("10.0.0.2", proxy, &["192.0.2.7"]), ip("10.0.0.2"), "not the proxy");
        assert_eq!(seen(peer, None, &["192.0.2.7"]), ip(peer), "no proxy is trusted unless named");
    }
}
