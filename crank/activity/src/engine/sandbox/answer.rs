//! What the child answers: its rows or its error.
//!
//! A row is 49 bytes: the address, the value's mantissa (little-endian) and its scale. The parent trusts none of it: it
//! limits how much it reads, and checks every number by building it again.

use std::io::{self, Read, Write};

use solana_pubkey::Pubkey;

use crate::engine::{QueryError, ResultRow};
use crank_rules::values::decimal::Decimal;

const ROWS: u8 = b'V';
const ERROR: u8 = b'E';

const ADDRESS_BYTES: usize = 32;
const MANTISSA_BYTES: usize = 16;
const ROW_BYTES: usize = ADDRESS_BYTES + MANTISSA_BYTES + 1;
/// Rows that are moved at a time.
const CHUNK_ROWS: usize = 16_384;
/// The longest error, in bytes: a message repeats at most a part of the query.
const MAX_ERROR_BYTES: u32 = 1 << 20;

/// Writes the answer.
pub(super) fn write(mut out: impl Write, answer: &Result<Vec<ResultRow>, QueryError>) -> io::Result<()> {
    match answer {
        Ok(rows) => write_rows(&mut out, rows)?,
        Err(error) => {
            let text = serde_json::to_vec(error)?;
            let length = u32::try_from(text.len()).map_err(io::Error::other)?;
            out.write_all(&[&[ERROR], length.to_le_bytes().as_slice(), &text].concat())?;
        }
    }
    out.flush()
}

fn write_rows(out: &mut impl Write, rows: &[ResultRow]) -> io::Result<()> {
    let count = u64::try_from(rows.len()).map_err(io::Error::other)?;
    out.write_all(&[&[ROWS], count.to_le_bytes().as_slice()].concat())?;
    let mut buffer = Vec::with_capacity(ROW_BYTES.saturating_mul(CHUNK_ROWS.min(rows.len())));
    for chunk in rows.chunks(CHUNK_ROWS) {
        buffer.clear();
        for row in chunk {
            buffer.extend_from_slice(row.address.as_array());
            buffer.extend_from_slice(&row.value.mantissa().to_le_bytes());
            buffer.push(u8::try_from(row.value.scale()).map_err(io::Error::other)?);
        }
        out.write_all(&buffer)?;
    }
    Ok(())
}

/// Reads the answer, of at most that many rows.
///
/// # Errors
///
/// An error of the kind `InvalidData` if this is not a valid answer, and the reader's own if it ends before the answer
/// does.
pub(super) fn read(mut reader: impl Read, most_rows: usize) -> io::Result<Result<Vec<ResultRow>, QueryError>> {
    let mut kind = [0];
    reader.read_exact(&mut kind)?;
    match kind {
        [ROWS] => read_rows(reader, most_rows).map(Ok),
        [ERROR] => read_error(reader).map(Err),
        _ => Err(no_answer("it begins with another byte")),
    }
}

fn read_error(mut reader: impl Read) -> io::Result<QueryError> {
    let mut length = [0; 4];
    reader.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    if length > MAX_ERROR_BYTES {
        return Err(no_answer("its error is too long"));
    }
    let mut text = Vec::new();
    reader.take(u64::from(length)).read_to_end(&mut text)?;
    Ok(serde_json::from_slice(&text)?)
}

fn read_rows(mut reader: impl Read, most_rows: usize) -> io::Result<Vec<ResultRow>> {
    let mut count = [0; 8];
    reader.read_exact(&mut count)?;
    let count = usize::try_from(u64::from_le_bytes(count)).map_err(io::Error::other)?;
    if count > most_rows {
        return Err(no_answer("it has too many rows"));
    }
    let mut rows = Vec::with_capacity(count);
    let mut buffer = Vec::new();
    while rows.len() < count {
        let chunk = CHUNK_ROWS.min(count.saturating_sub(rows.len()));
        buffer.resize(chunk.saturating_mul(ROW_BYTES), 0);
        reader.read_exact(&mut buffer)?;
        for bytes in buffer.chunks_exact(ROW_BYTES) {
            rows.push(row(bytes).ok_or_else(|| no_answer("a row is not valid"))?);
        }
    }
    Ok(rows)
}

fn row(bytes: &[u8]) -> Option<ResultRow> {
    let (address, rest) = bytes.split_first_chunk::<ADDRESS_BYTES>()?;
    let (mantissa, rest) = rest.split_first_chunk::<MANTISSA_BYTES>()?;
    let [scale] = rest else { return None };
    let value = Decimal::new(i128::from_le_bytes(*mantissa), u32::from(*scale)).ok()?;
    Some(ResultRow { address: Pubkey::new_from_array(*address), value })
}

fn no_answer(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::arithmetic_side_effects, reason = "test data is made of small numbers")]

    use super::*;

    fn rows(count: u8) -> Vec<ResultRow> {
        let value = |byte: u8| Decimal::new(-i128::from(byte) << 100, u32::from(byte % 38)).unwrap();
        (0..count).map(|byte| ResultRow { address: Pubkey::new_from_array([byte; 32]), value: value(byte) }).collect()
    }

    fn sent(answer: &Result<Vec<ResultRow>, QueryError>) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, answer).unwrap();
        bytes
    }

    #[test]
    fn rows_arrive_as_they_were_sent() {
        for count in [0, 1, 200] {
            let bytes = sent(&Ok(rows(count)));
            assert_eq!(bytes.len(), 9 + 49 * usize::from(count));
            assert_eq!(read(bytes.as_slice(), 200).unwrap().unwrap(), rows(count));
        }
        let many = rows(200).repeat(200);
        assert_eq!(read(sent(&Ok(many.clone())).as_slice(), 40_000).unwrap().unwrap(), many);
    }

    #[test]
    fn errors_arrive_with_their_texts() {
        let hint = "did you mean `x`?".to_owned();
        let errors = [
            QueryError::UnknownColumn { name: "y".to_owned(), hint },
            QueryError::OutOfMemory(7),
            QueryError::Activity("a\nb".to_owned()),
        ];
        for error in errors {
            let text = error.to_string();
            let arrived = read(sent(&Err(error)).as_slice(), 0).unwrap().unwrap_err();
            assert_eq!(arrived.to_string(), text);
        }
    }

    #[test]
    fn an_answer_that_is_not_valid_is_refused() {
        let three = sent(&Ok(rows(3)));
        assert_eq!(read(three.as_slice(), 2).unwrap_err().to_string(), "it has too many rows");
        assert_eq!(read(&three[..three.len() - 1], 3).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(read([].as_slice(), 3).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(read(b"x".as_slice(), 3).unwrap_err().kind(), io::ErrorKind::InvalidData);
        let mut wrong_scale = three;
        *wrong_scale.last_mut().unwrap() = 39;
        assert_eq!(read(wrong_scale.as_slice(), 3).unwrap_err().to_string(), "a row is not valid");
        assert_eq!(
            read([&b"E"[..], &[255; 4]].concat().as_slice(), 3).unwrap_err().to_string(),
            "its error is too long"
        );
    }
}
