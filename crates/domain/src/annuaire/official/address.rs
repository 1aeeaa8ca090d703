//! The lines of an envelope, from the parts the registers keep apart.

/// Number, suffix, kind and name of a street, where they are given. A « number » without a digit is a slip of the source
/// (« P »): the street is shown without it.
pub(super) fn street(number: &str, suffix: &str, kind: &str, name: &str) -> String {
    let numbered = number.bytes().any(|byte| byte.is_ascii_digit());
    let parts = if numbered { [number, suffix, kind, name] } else { ["", "", kind, name] };
    let parts: Vec<&str> = parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// The lines that hold something, each once.
pub(super) fn lines(parts: &[&str]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        let part = part.trim();
        if !part.is_empty() && !lines.iter().any(|line| line == part) {
            lines.push(part.to_owned());
        }
    }
    lines
}

/// The town of « 75015 PARIS ».
pub(super) fn town_of(routing: &str) -> &str {
    let routing = routing.trim();
    let digits = routing.get(..5).is_some_and(|head| head.bytes().all(|byte| byte.is_ascii_digit()));
    match routing.get(5..) {
        Some(town) if digits => town.trim(),
        _ => routing,
    }
}
