use super::text::decoded;

/// The value in what the console prints for a setting, `"name" is: "value^7"` and more; none where that is something
/// else, as nothing for a name that the server does not know.
pub fn cvar_value(text: &[u8], name: &str) -> Option<String> {
    let rest = text.strip_prefix(b"\"")?;
    let (found, rest) = rest.split_at_checked(name.len())?;
    if !found.eq_ignore_ascii_case(name.as_bytes()) {
        return None;
    }
    let rest = rest.strip_prefix(b"\" is:")?.trim_ascii_start().strip_prefix(b"\"")?;
    let value = &rest[..rest.iter().position(|byte| *byte == b'"')?];
    Some(decoded(value.strip_suffix(b"^7").unwrap_or(value), 256))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_read_whatever_follows() {
        let read = |text: &str| cvar_value(text.as_bytes(), "sv_protect");
        assert_eq!(read("\"sv_protect\" is: \"1^7\" default:\"0^7\"\n").as_deref(), Some("1"));
        assert_eq!(read("\"SV_Protect\" is:\"0^7\", the default\nlatched: \"1^7\"\n").as_deref(), Some("0"));
        assert_eq!(read("\"sv_protectLog\" is: \"x^7\"\n"), None);
        assert_eq!([read(""), read("\"sv_protect\" is: \"1"), read("Bad rconpassword\n")], [None, None, None]);
    }
}
