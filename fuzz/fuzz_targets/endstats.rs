//! A round's endstats file, and all that the parsed file answers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slomix_fuzz::bounded;
use slomix_shared::formats::endstats;

/// A versus line of six bytes becomes a value of a hundred, with its subject's name in it.
const TIMES: usize = 96;

fuzz_target!(|bytes: &[u8]| {
    let file = match bounded(bytes.len(), TIMES, || endstats::parse(bytes)) {
        Ok(file) => file,
        Err(error) => {
            assert!(!error.code().is_empty() && !error.to_string().is_empty());
            return;
        }
    };
    assert!(!file.awards.is_empty() || !file.versus.is_empty());
    for line in &file.awards {
        let _ = (line.key(), line.scope(), line.category());
        assert!(line.thousandths.is_none_or(|amount| amount >= 0));
    }
    assert!(file.versus.iter().all(|line| line.kills >= 0 && line.deaths >= 0));
    for guid in file.versus.iter().filter_map(|line| line.subject.as_ref()?.guid.as_ref()) {
        assert!(guid.as_str().starts_with(guid.short().as_str()));
    }
    assert!(file.remarks.iter().all(|remark| remark.line > 0 && !remark.fault.to_string().is_empty()));
});
