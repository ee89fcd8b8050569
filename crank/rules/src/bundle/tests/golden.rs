//! The exact bytes of a bundle, on which independent readers rely.
//!
//! Every hash below was also computed by a script that was written from the format's description alone.

use super::leaderboard_of;
use crate::bundle::{ALLOCATIONS, MANIFEST, MANIFEST_HASHES, REJECTED, RESULTS};

const EXPECTED_MANIFEST: &str = r#"{
  "version": 3,
  "cluster": "localnet",
  "distributor": null,
  "epoch": 3,
  "epochAddress": "11111111111111111111111111111111",
  "periodStart": "2026-01-19T00:00:00Z",
  "periodEnd": "2026-01-26T00:00:00Z",
  "campaignStart": "2025-12-29T00:00:00Z",
  "terms": {
    "type": "leaderboard",
    "emissionType": "TOKENS",
    "tokenAddress": "EahQmXc3rwhY3CH1g3ZgUx8L4vHTNmzpK1xtiQ1RAxq6",
    "decimals": 6,
    "distributionMode": "CLAIM",
    "pool": "60000000",
    "maxPerParticipant": "40000000",
    "audience": {
      "denyList": [
        "YMN9Qj5jPNp7j14VPcML1B6xGgcPWVZUGLFU3Mnyfaf",
        "cGfHiC6Kgg3FpFZvgwGcswsCRtp4aBP2fzuXRQPizuN"
      ]
    },
    "raffleBuckets": null,
    "raffleWeighting": null,
    "distributionFunction": null
  },
  "query": "SELECT address,\n  \"value\" FROM events.swap",
  "actions": null,
  "filters": [],
  "milestone": null,
  "formula": "RANK == 2 ? 0 : N / 3",
  "engine": {
    "name": "datafusion",
    "version": "55.2.0"
  },
  "inputs": [
    {
      "name": "events",
      "sha256": "abababababababababababababababababababababababababababababababab"
    }
  ],
  "files": {
    "allocations.csv": "47bb9ef5dcd422b639755591a912fd2aa8752fee8025b3a99fddfc7c8f206098",
    "rejected.csv": "c15890f8550da85dc1897b111947e7bc6075dad6984d089fd38cbed4bfd4382d",
    "results.csv": "ca94094c62a9880ba7e944a3f2f2fbb0a39bf32018e8a1315306a94183fe7f03"
  },
  "leafCount": 2,
  "total": "60000000",
  "root": "670b5221afb031a6aa3379020c7ee28514f072e2142a596ebb43c5b0f1bd2a03",
  "skip": null,
  "raffleSeed": null,
  "raffleTickets": null,
  "previous": null,
  "firstConversion": null,
  "conversions": null,
  "corrects": null
}
"#;

const EXPECTED_RESULTS: &str = "\
address,value
cGfHiC6Kgg3FpFZvgwGcswsCRtp4aBP2fzuXRQPizuN,900
8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR,400
CktRuQ2mttgRGkXJtyksdKHjUdc2C4TgDzyB98oEzy8,100
QWmroo4YnnMqYW3cnxWkFdaTxGD3P7vMSzwMHGbUzwF,77.000001
4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi,12.5
GgBaCs3NCBuZN12kCJgAW63ydqohFkHEdfdEXBPzLHq,12.5
US517G5965aydkZ46HS38QLi7UQiSojurfbQfKCELFx,5
LbUiWL3xVV8hTFYBVdbTNrpDo41NKS6o3LHHuDzjfcY,-1
";

const EXPECTED_ALLOCATIONS: &str = "\
index,address,value,rank,amount
0,8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR,400,1,40000000
1,QWmroo4YnnMqYW3cnxWkFdaTxGD3P7vMSzwMHGbUzwF,77.000001,3,20000000
";

const EXPECTED_REJECTED: &str = "\
address,value,reason
cGfHiC6Kgg3FpFZvgwGcswsCRtp4aBP2fzuXRQPizuN,900,in the deny list
CktRuQ2mttgRGkXJtyksdKHjUdc2C4TgDzyB98oEzy8,100,amount is zero
4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi,12.5,pool is exhausted
GgBaCs3NCBuZN12kCJgAW63ydqohFkHEdfdEXBPzLHq,12.5,pool is exhausted
US517G5965aydkZ46HS38QLi7UQiSojurfbQfKCELFx,5,pool is exhausted
LbUiWL3xVV8hTFYBVdbTNrpDo41NKS6o3LHHuDzjfcY,-1,value is not positive
";

#[test]
fn the_bytes_of_a_bundle_never_change() {
    let bundle = leaderboard_of(None);
    for (name, expected) in [
        (MANIFEST, EXPECTED_MANIFEST),
        (RESULTS, EXPECTED_RESULTS),
        (ALLOCATIONS, EXPECTED_ALLOCATIONS),
        (REJECTED, EXPECTED_REJECTED),
    ] {
        assert_eq!(String::from_utf8_lossy(bundle.file(name)), expected, "{name}");
    }
}

#[test]
fn the_hashes_of_the_manifest_end_with_the_one_that_goes_on_chain() {
    let bundle = leaderboard_of(None);
    let expected = "415471e1e77defb86aaad66489af21946fbcbb21d2166dfdd276b95ca043234a";
    assert_eq!(hex::encode(bundle.manifest_hash()), expected);
    let hashes = String::from_utf8_lossy(bundle.file(MANIFEST_HASHES));
    assert_eq!(hashes.lines().last(), Some(format!("{expected}  manifest.json").as_str()));
    assert_eq!(hashes.lines().count(), EXPECTED_MANIFEST.lines().count() + 1);
}
