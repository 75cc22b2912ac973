use std::borrow::Cow;

use sqlx::postgres::PgConnectOptions;

/// A URL as libpq takes it, as the driver takes it: that one wants a host between the user and the path, keeps a
/// socket that stands there although `host=` names something else, and reads a plus behind the `?` as a blank. None
/// where the path shows that a password with a slash in it was cut in two.
pub(super) fn spelt_out(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let (rest, parameters) = rest.split_once('?').map_or((rest, None), |(rest, behind)| (rest, Some(behind)));
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    if path.contains('@') {
        return None;
    }
    let (user, place) = authority.rsplit_once('@').map_or(("", authority), |(user, place)| (user, place));
    // An address of IP version 6 has colons of its own, in brackets.
    let port_at = place.rfind(':').filter(|at| !place[*at..].contains(']'));
    let (host, port) = port_at.map_or((place, ""), |at| place.split_at(at));
    let mut named = parameters.into_iter().flat_map(|all| all.split('&')).filter_map(|one| one.strip_prefix("host="));
    let host = match named.rfind(|host| !host.is_empty()) {
        // What is named behind the `?` holds; here stands something that it takes the place of.
        Some(_) => Cow::Borrowed("localhost"),
        None if host.is_empty() => Cow::Owned(usual_host()),
        None => Cow::Borrowed(host),
    };
    let at = if user.is_empty() { "" } else { "@" };
    let mut spelt = format!("{scheme}://{user}{at}{host}{port}{path}");
    let parameters = parameters.into_iter().flat_map(|all| all.split('&')).filter(|one| *one != "host=");
    for (parameter, sign) in parameters.zip(std::iter::once('?').chain(std::iter::repeat('&'))) {
        spelt.push(sign);
        spelt.push_str(&parameter.replace('+', "%2B"));
    }
    Some(spelt)
}

/// The host or the directory of a socket that every client takes where none is named.
fn usual_host() -> String {
    PgConnectOptions::new_without_pgpass().get_host().replace('/', "%2F")
}
