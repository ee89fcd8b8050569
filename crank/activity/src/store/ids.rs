//! Files of ids: which events a table has already. No query sees them.
//!
//! A file begins with a table of buckets. Then come records of 40 bytes, ordered by the hash of the id: the first 16
//! bytes of the id's SHA-256, the first 16 of the body's, and the event's time in milliseconds, big-endian. Hashes are
//! spread evenly, so a bucket's place can be computed and a bucket is small: looking up a thousand ids among a hundred
//! million reads a few MiB.

use std::ops::Range;

use super::{StoreError, file::IdFile, objects::Objects};
use crate::events::Fingerprint;

const RECORD_BYTES: usize = 40;
/// Records of a bucket, on average.
const BUCKET_RECORDS: usize = 128;
/// Parts of a file that are closer together than this are read in one request.
const NEAR_BYTES: u64 = 16 << 10;
/// The most bytes of a file that are read at a time.
const READ_BYTES: u64 = 16 << 20;

/// A stored id, with the fingerprint and time of its event.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Record {
    pub(super) hash: Fingerprint,
    pub(super) body: Fingerprint,
    /// Milliseconds since 1970.
    pub(super) timestamp: i64,
}

/// The bytes of a file with these records, which must be sorted and have different hashes.
pub(super) fn encode(records: &[Record]) -> Vec<u8> {
    let buckets = bucket_count(records.len());
    let mut bytes = Vec::with_capacity(records.len().saturating_add(1).saturating_mul(RECORD_BYTES));
    for bucket in 0..buckets {
        let end = records.partition_point(|record| bucket_of(&record.hash, buckets) <= bucket);
        bytes.extend(u32::try_from(end).unwrap_or(u32::MAX).to_be_bytes());
    }
    for record in records {
        bytes.extend(record.hash);
        bytes.extend(record.body);
        bytes.extend(record.timestamp.to_be_bytes());
    }
    bytes
}

/// The records of a file's bytes.
pub(super) fn decode(bytes: &[u8], rows: u64) -> Option<Vec<Record>> {
    let rows = usize::try_from(rows).ok()?;
    let records = bytes.get(bucket_count(rows).checked_mul(4)?..)?;
    let (records, rest) = records.as_chunks::<RECORD_BYTES>();
    (records.len() == rows && rest.is_empty()).then(|| records.iter().map(record).collect())
}

fn record(bytes: &[u8; RECORD_BYTES]) -> Record {
    let (hash, rest) = bytes.split_first_chunk().map_or((Fingerprint::default(), &[][..]), |(h, r)| (*h, r));
    let (body, rest) = rest.split_first_chunk().map_or((Fingerprint::default(), &[][..]), |(b, r)| (*b, r));
    Record { hash, body, timestamp: rest.first_chunk().copied().map_or(0, i64::from_be_bytes) }
}

fn bucket_count(records: usize) -> usize {
    records.div_ceil(BUCKET_RECORDS).max(1)
}

/// The bucket of a hash: its place among the buckets is proportional to the hash's place among all hashes.
fn bucket_of(hash: &Fingerprint, buckets: usize) -> usize {
    let position = hash.first_chunk().map_or(0, |first| u64::from_be_bytes(*first));
    let buckets = u128::try_from(buckets).unwrap_or_default();
    usize::try_from(u128::from(position).saturating_mul(buckets) >> 64).unwrap_or_default()
}

/// Calls `found` with every record of the file whose hash is among these sorted hashes, and with the hash's place.
pub(super) fn find(
    objects: &Objects,
    file: &IdFile,
    hashes: &[Fingerprint],
    mut found: impl FnMut(usize, Record) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let path = file.path();
    let altered = || StoreError::Altered { name: path.clone(), problem: "it is too short".to_owned() };
    let buckets = Buckets::read(objects, file)?.ok_or_else(altered)?;
    let mut next = 0;
    while let Some(rest) = hashes.get(next..).filter(|rest| !rest.is_empty()) {
        let (spans, count) = buckets.spans(rest);
        let parts = objects.get_ranges(&path, spans.clone())?;
        for (place, hash) in rest.iter().enumerate().take(count) {
            let range = buckets.range(hash);
            // An empty bucket is not read.
            if range.is_empty() {
                continue;
            }
            let at = spans.partition_point(|span| span.end <= range.start);
            let (Some(span), Some(part)) = (spans.get(at), parts.get(at)) else { continue };
            let records = slice(part, span.start, &range).ok_or_else(altered)?.as_chunks::<RECORD_BYTES>().0;
            let at = records.partition_point(|record| record.get(..hash.len()) <= Some(hash.as_slice()));
            let candidate = at.checked_sub(1).and_then(|at| records.get(at)).map(record);
            if let Some(record) = candidate.filter(|record| record.hash == *hash) {
                found(next.saturating_add(place), record)?;
            }
        }
        next = next.saturating_add(count.max(1));
    }
    Ok(())
}

fn slice<'a>(part: &'a [u8], start: u64, range: &Range<u64>) -> Option<&'a [u8]> {
    let from = usize::try_from(range.start.checked_sub(start)?).ok()?;
    part.get(from..usize::try_from(range.end.checked_sub(start)?).ok()?)
}

/// Where a file's buckets end.
struct Buckets {
    /// In records.
    ends: Vec<u32>,
    /// The bytes before the first record.
    header: u64,
}

impl Buckets {
    fn read(objects: &Objects, file: &IdFile) -> Result<Option<Self>, StoreError> {
        let Some(count) = usize::try_from(file.rows).ok().map(bucket_count) else { return Ok(None) };
        let Some(header) = u64::try_from(count).ok().and_then(|count| count.checked_mul(4)) else { return Ok(None) };
        let parts = objects.get_ranges(&file.path(), std::iter::once(0..header).collect())?;
        let ends: Vec<u32> =
            parts.iter().flat_map(|part| part.as_chunks().0.iter().map(|end| u32::from_be_bytes(*end))).collect();
        Ok((ends.len() == count).then_some(Self { ends, header }))
    }

    /// The bytes of the bucket of a hash.
    fn range(&self, hash: &Fingerprint) -> Range<u64> {
        let bucket = bucket_of(hash, self.ends.len());
        let end = |bucket: Option<usize>| bucket.and_then(|bucket| self.ends.get(bucket)).copied().unwrap_or_default();
        let offset = |records: u32| self.header.saturating_add(u64::from(records).saturating_mul(40));
        offset(end(bucket.checked_sub(1)))..offset(end(Some(bucket)))
    }

    /// The parts of the file to read next, and the number of these hashes that they cover.
    fn spans(&self, hashes: &[Fingerprint]) -> (Vec<Range<u64>>, usize) {
        let mut spans: Vec<Range<u64>> = Vec::new();
        let mut bytes = 0_u64;
        for (count, hash) in hashes.iter().enumerate() {
            if bytes >= READ_BYTES {
                return (spans, count);
            }
            let range = self.range(hash);
            match spans.last_mut() {
                Some(last) if range.start <= last.end.saturating_add(NEAR_BYTES) => {
                    bytes = bytes.saturating_add(range.end.saturating_sub(last.end));
                    last.end = last.end.max(range.end);
                }
                _ if range.is_empty() => {}
                _ => {
                    bytes = bytes.saturating_add(range.end.saturating_sub(range.start));
                    spans.push(range);
                }
            }
        }
        (spans, hashes.len())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use object_store::{memory::InMemory, path::Path};

    use super::*;
    use crank_rules::values::hash::sha256;

    fn records(numbers: impl Iterator<Item = u32>) -> Vec<Record> {
        let hash = |number: u32| sha256(&number.to_be_bytes()).first_chunk().copied().unwrap();
        let mut records: Vec<Record> = numbers
            .map(|number| Record { hash: hash(number), body: hash(!number), timestamp: number.into() })
            .collect();
        records.sort_unstable();
        records
    }

    #[test]
    fn exactly_the_ids_of_a_file_are_found() {
        let objects = Objects::new(Arc::new(InMemory::new()), Path::default(), None).unwrap();
        for count in [1, 2, 127, 128, 129, 5_000] {
            let stored = records((0..count).map(|number| number * 2));
            let bytes = encode(&stored);
            assert_eq!(decode(&bytes, stored.len().try_into().unwrap()), Some(stored.clone()));
            let table = "events.a".parse().unwrap();
            let file = IdFile { table, sha256: sha256(&bytes), rows: count.into() };
            objects.put(&file.path(), bytes).unwrap();
            for step in [1, 50] {
                let asked = records((0..count * 2).step_by(step));
                let hashes: Vec<Fingerprint> = asked.iter().map(|record| record.hash).collect();
                let mut found = Vec::new();
                find(&objects, &file, &hashes, |place, record| {
                    assert_eq!(asked[place], record);
                    found.push(record);
                    Ok(())
                })
                .unwrap();
                let expected: Vec<Record> = asked.into_iter().filter(|record| record.timestamp % 2 == 0).collect();
                assert_eq!(found, expected, "{count} {step}");
            }
        }
    }

    #[test]
    fn ids_are_found_although_buckets_are_empty() {
        let objects = Objects::new(Arc::new(InMemory::new()), Path::default(), None).unwrap();
        let record = |first: u8, last: u16| {
            let mut hash = [first; 16];
            hash[14..].copy_from_slice(&last.to_be_bytes());
            Record { hash, body: hash, timestamp: 0 }
        };
        let stored: Vec<Record> =
            [1, 200].into_iter().flat_map(|first| (0..2_000).map(move |last| record(first, last))).collect();
        let bytes = encode(&stored);
        let file = IdFile { table: "events.a".parse().unwrap(), sha256: sha256(&bytes), rows: 4_000 };
        objects.put(&file.path(), bytes).unwrap();
        let asked: Vec<Fingerprint> = (0..=255).map(|first| record(first, 7).hash).collect();
        let mut found = Vec::new();
        find(&objects, &file, &asked, |place, _| {
            found.push(place);
            Ok(())
        })
        .unwrap();
        assert_eq!(found, [1, 200]);
    }

    #[test]
    fn a_file_of_ids_that_is_cut_short_is_not_read() {
        let stored = records(0..300);
        let bytes = encode(&stored);
        assert_eq!(decode(&bytes[..bytes.len() - 1], 300), None);
        assert_eq!(decode(&bytes, 299), None);
        assert_eq!(decode(&[], 300), None);
    }
}
