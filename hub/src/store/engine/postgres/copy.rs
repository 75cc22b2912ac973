//! Rows as PostgreSQL takes them in bulk: `COPY … FROM STDIN` in its binary format (the manual's page on COPY).

use super::rows::Kind;
use crate::store::sql::Value;

/// What stands before the rows: the signature, no flags, no extension.
const HEAD: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What stands behind them, in place of a row's number of fields.
const TAIL: [u8; 2] = (-1_i16).to_be_bytes();
/// In place of a field's length.
const NULL: [u8; 4] = (-1_i32).to_be_bytes();

/// Rows on their way to the server, handed over a piece at a time.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    kinds: &'a [Kind],
    bytes: Vec<u8>,
}

impl<'a> Rows<'a> {
    /// None yet; `kinds` are those of the columns.
    pub(super) fn begin(kinds: &'a [Kind]) -> Self {
        Self { kinds, bytes: HEAD.to_vec() }
    }

    /// Adds a row; a value that is not of its column's kind is null, as it is when bound.
    pub(super) fn add(&mut self, row: &[Value]) {
        let fields = i16::try_from(self.kinds.len()).expect("a table has at most 1,600 columns");
        self.bytes.extend_from_slice(&fields.to_be_bytes());
        for (at, kind) in self.kinds.iter().enumerate() {
            match (kind, row.get(at)) {
                (Kind::Int, Some(Value::Int(value))) => self.field(&value.to_be_bytes()),
                (Kind::Text, Some(Value::Text(text))) => self.field(text.as_bytes()),
                (Kind::Bytes, Some(Value::Bytes(bytes))) => self.field(bytes),
                _ => self.bytes.extend_from_slice(&NULL),
            }
        }
    }

    fn field(&mut self, value: &[u8]) {
        let length = i32::try_from(value.len()).expect("files that are kept have at most some MiB");
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(value);
    }

    /// What has come together, if it is worth sending.
    pub(super) fn piece(&mut self, at_least: usize) -> Option<Vec<u8>> {
        (self.bytes.len() >= at_least).then(|| std::mem::take(&mut self.bytes))
    }

    /// The last of it.
    pub(super) fn end(mut self) -> Vec<u8> {
        self.bytes.extend_from_slice(&TAIL);
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values;

    #[test]
    fn a_row_is_its_number_of_fields_and_each_field_behind_its_length() {
        let kinds = [Kind::Int, Kind::Text, Kind::Bytes, Kind::Text];
        let mut rows = Rows::begin(&kinds);
        let values = values![258, "ab", [7_u8].as_slice(), Option::<i64>::None];
        rows.add(&values);
        assert_eq!(rows.piece(1_000), None);
        let begun = rows.piece(1).unwrap();
        assert_eq!(&begun[..19], HEAD);
        let row: &[&[u8]] =
            &[&[0, 4], &[0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 1, 2], &[0, 0, 0, 2, b'a', b'b'], &[0, 0, 0, 1, 7], &[0xff; 4]];
        assert_eq!(begun[19..], row.concat());
        assert_eq!(rows.end(), [0xff, 0xff]);
    }
}
