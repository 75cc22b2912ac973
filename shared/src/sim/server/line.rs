/// The command line at the beginning of a packet: up to a line feed, a 0 or the end, at most 1023 bytes; `%` is none of
/// its characters.
pub(super) fn first(packet: &[u8]) -> Vec<u8> {
    let end = packet.iter().position(|byte| matches!(byte, b'\n' | 0)).unwrap_or(packet.len());
    packet[..end.min(1_023)].iter().map(|byte| if *byte == b'%' { b'.' } else { *byte }).collect()
}

/// The words of a line: between spaces or in quotation marks; `//` (but not behind a colon) ends it, and what stands
/// between `/*` and `*/` is passed over.
pub(super) fn words(line: &[u8]) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    let mut at = 0;
    let is = |at: usize, what: &[u8]| line[at..].starts_with(what);
    let ends = |at: usize| is(at, b"//") && (at == 0 || line[at - 1] != b':');
    while at < line.len() {
        if line[at] <= b' ' {
            at += 1;
        } else if ends(at) {
            break;
        } else if is(at, b"/*") {
            let close = line[at..].windows(2).position(|two| two == b"*/");
            at = close.map_or(line.len(), |close| at + close + 2);
        } else if line[at] == b'"' {
            let rest = &line[at + 1..];
            let close = rest.iter().position(|byte| *byte == b'"').unwrap_or(rest.len());
            words.push(rest[..close].to_owned());
            at += close + 2;
        } else {
            let start = at;
            while at < line.len() && line[at] > b' ' && line[at] != b'"' && !ends(at) && !is(at, b"/*") {
                at += 1;
            }
            words.push(line[start..at].to_owned());
        }
    }
    words
}

/// What follows the password in a line of `rcon`, as the engine finds it: behind the second run of spaces.
pub(super) fn command(line: &[u8]) -> &[u8] {
    let spaces = |line: &[u8]| line.iter().take_while(|byte| **byte == b' ').count();
    let rest = line.get(4..).unwrap_or_default();
    let rest = &rest[spaces(rest)..];
    let rest = &rest[rest.iter().take_while(|byte| **byte != b' ').count()..];
    &rest[spaces(rest)..]
}
