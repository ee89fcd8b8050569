//! Requests that are refused, each with the message that says what would be right.

use super::{super::generate_incentive_query, QueryRequest, user};

/// Why the request is refused.
fn refusal(request: &str) -> String {
    match QueryRequest::parse(request.as_bytes()) {
        Err(error) => error.to_string(),
        Ok(parsed) => match generate_incentive_query(&parsed) {
            Err(error) => error.to_string(),
            Ok(query) => panic!("{request} gives {}", query.sql()),
        },
    }
}

#[test]
fn a_request_is_one_object_of_known_parameters() {
    for (request, expected) in [
        ("", "the request cannot be read: expected one JSON object"),
        ("[\"swap\"]", "the request cannot be read: expected one JSON object"),
        ("{", "the request cannot be read: EOF"),
        ("{}", "`source` is missing: expected `custom_event`, `idl_instruction`, `swap`, `hold` or `bonding_curve`"),
        (r#"{"source":"dune_query"}"#, "unknown variant `dune_query`, expected one of `custom_event`"),
        (r#"{"source":"swap","tokenMnt":"x"}"#, "unknown field `tokenMnt`, expected one of `source`"),
        (r#"{"source":"swap","source":"hold"}"#, "duplicate field `source`"),
        (r#"{"source":"swap","tokenMint":"x"}"#, "`x` is not a public key in base58"),
        (r#"{"source":"swap","minUsdAmount":"5"}"#, "`\"5\"` is not a number"),
        (r#"{"source":"custom_event","limit":1.5}"#, "invalid type: floating point `1.5`"),
        (r#"{"source":"custom_event","limit":-1}"#, "invalid value: integer `-1`"),
        (r#"{"source":"custom_event","filters":"x > 1"}"#, "expected a sequence"),
        (r#"{"source":"custom_event","orderBy":"desc"}"#, "unknown variant `desc`, expected `DESC` or `ASC`"),
        (r#"{"source":"swap","direction":"up"}"#, "expected one of `buy`, `sell`, `both`"),
    ] {
        let found = refusal(request);
        assert!(found.contains(expected), "{request}: {found}");
    }
}

#[test]
fn a_source_has_its_own_measures() {
    let mint = user(77);
    let swap = format!(r#""source":"swap","tokenMint":"{mint}""#);
    let hold = format!(r#""source":"hold","tokenMint":"{mint}","minBalance":1"#);
    let curve = format!(r#""source":"bonding_curve","launchpad":"raydium_launchlab","poolState":"{mint}""#);
    for (source, measure, expected) in [
        (&swap, "balance", "found `balance`, expected one of `volume`, `count`, the measures of the source `swap`"),
        (&swap, "duration", "found `duration`, expected one of `volume`, `count`"),
        (&curve, "balance", "expected one of `volume`, `count`, the measures of the source `bonding_curve`"),
        (&curve, "duration", "found `duration`"),
        (&hold, "volume", "expected one of `balance`, `duration`, `count`, the measures of the source `hold`"),
        (&r#""source":"custom_event","customEventId":"a""#.to_owned(), "count", "`custom_event` has none"),
        (&r#""source":"idl_instruction","instructionId":"a""#.to_owned(), "volume", "`idl_instruction` has none"),
    ] {
        let found = refusal(&format!(r#"{{{source},"measure":"{measure}"}}"#));
        assert!(found.starts_with("`measure`") && found.contains(expected), "{found}");
    }
}

#[test]
fn parameters_of_another_source_are_refused() {
    let mint = user(77);
    for (request, expected) in [
        (
            r#"{"source":"swap","minBalance":1}"#.to_owned(),
            "`minBalance` is given, but the source `swap` has none: its parameters are `tokenMint`, `direction`, \
             `measure`, `minUsdAmount`, `protocol`",
        ),
        (format!(r#"{{"source":"hold","tokenMint":"{mint}","direction":"buy"}}"#), "`direction` is given"),
        (r#"{"source":"custom_event","instructionId":"a"}"#.to_owned(), "`instructionId` is given"),
        (r#"{"source":"idl_instruction","customEventId":"a"}"#.to_owned(), "`customEventId` is given"),
        (format!(r#"{{"source":"bonding_curve","tokenMint":"{mint}"}}"#), "`tokenMint` is given"),
        (r#"{"source":"swap","rawQuery":"select 1"}"#.to_owned(), "`rawQuery` is given"),
        (
            format!(
                r#"{{"source":"bonding_curve","launchpad":"raydium_launchlab","poolState":"{mint}","genesisAccount":"{mint}"}}"#
            ),
            "`genesisAccount` is given, but the curve is on another launchpad",
        ),
        (
            r#"{"source":"custom_event","customEventId":"a","rawQuery":"select 1","limit":1}"#.to_owned(),
            "`limit` is given, but `rawQuery` is the whole query: leave it out",
        ),
        (
            r#"{"source":"custom_event","customEventId":"a","groupByPubkey":false,"valueExpression":"sum(x)"}"#
                .to_owned(),
            "`valueExpression` is given, but with `groupByPubkey` false",
        ),
        (
            format!(
                r#"{{"source":"bonding_curve","launchpad":"raydium_launchlab","poolState":"{mint}","direction":"both","minAmountIn":1}}"#
            ),
            "`minAmountIn` is given, but a purchase gives another token than a sale does",
        ),
    ] {
        let found = refusal(&request);
        assert!(found.contains(expected), "{request}: {found}");
    }
}

#[test]
fn a_missing_required_parameter_is_named() {
    let mint = user(77);
    for (request, expected) in [
        (r#"{"source":"swap"}"#.to_owned(), "`tokenMint` is missing: expected the token's mint in base58"),
        (r#"{"source":"hold","minBalance":1}"#.to_owned(), "`tokenMint` is missing"),
        (format!(r#"{{"source":"hold","tokenMint":"{mint}"}}"#), "`minBalance` is missing"),
        (r#"{"source":"bonding_curve"}"#.to_owned(), "`launchpad` is missing"),
        (r#"{"source":"bonding_curve","launchpad":"raydium_launchlab"}"#.to_owned(), "`poolState` is missing"),
        (r#"{"source":"bonding_curve","launchpad":"metaplex_genesis"}"#.to_owned(), "`genesisAccount` is missing"),
        (r#"{"source":"custom_event"}"#.to_owned(), "`customEventId` is missing"),
        (r#"{"source":"custom_event","rawQuery":"select 1"}"#.to_owned(), "`customEventId` is missing"),
        (r#"{"source":"idl_instruction"}"#.to_owned(), "`instructionId` is missing"),
    ] {
        let found = refusal(&request);
        assert!(found.contains(expected), "{request}: {found}");
    }
}

#[test]
fn values_must_make_sense() {
    let mint = user(77);
    let swap = |rest: &str| format!(r#"{{"source":"swap","tokenMint":"{mint}",{rest}}}"#);
    let event = |rest: &str| format!(r#"{{"source":"custom_event","customEventId":"a",{rest}}}"#);
    for (request, expected) in [
        (swap(r#""minUsdAmount":0"#), "`minUsdAmount`: found 0, expected a number above 0"),
        (swap(r#""minUsdAmount":-5"#), "`minUsdAmount`: found -5"),
        (swap(r#""minUsdAmount":0.0000000001"#), "with at most 9 decimals"),
        (swap(r#""minUsdAmount":1e30"#), "`minUsdAmount`: found 1000000000000000000000000000000"),
        (swap(r#""protocol":" ""#), "`protocol`: found \" \""),
        (swap(r#""protocol":"{{endDate}}""#), "expected a name without placeholders"),
        (event(r#""limit":0"#), "`limit`: found 0, expected a whole number above 0"),
        (
            r#"{"source":"custom_event","customEventId":"a b"}"#.to_owned(),
            "`customEventId`: found \"a b\", expected a word",
        ),
        (r#"{"source":"custom_event","customEventId":"a;--"}"#.to_owned(), "expected a word of letters"),
        (r#"{"source":"idl_instruction","instructionId":"a.b"}"#.to_owned(), "`instructionId`: found"),
    ] {
        let found = refusal(&request);
        assert!(found.contains(expected), "{request}: {found}");
    }
}

#[test]
fn no_expression_can_leave_its_place() {
    let event = |rest: &str| format!(r#"{{"source":"custom_event","customEventId":"a",{rest}}}"#);
    for (request, expected) in [
        (event(r#""valueExpression":"1, 2 as more""#), "`valueExpression`: `,` follows"),
        (event(r#""valueExpression":"1) as value from events.b --""#), "`valueExpression`: `)` follows"),
        (event(r#""valueExpression":"sum(random())""#), "`valueExpression`: there is no function `random`"),
        (event(r#""valueExpression":"(select 1)""#), "a subquery is not available here"),
        (event(r#""valueExpression":"""#), "`valueExpression`: the expression is empty"),
        (event(r#""filters":["a = 1","true) or (true"]"#), "`filters[1]`: `)` follows where the expression should end"),
        (event(r#""filters":["a = 1 union select 2"]"#), "`filters[0]`: `union` follows"),
        (event(r#""filters":["a = 1; drop table a"]"#), "`filters[0]`: `;` follows"),
        (event(r#""rawQuery":"drop table a""#), "`rawQuery`:"),
        (event(r#""rawQuery":"select now() as value""#), "`rawQuery`: there is no function `now`"),
        (event(r#""rawQuery":"select 1; select 2""#), "`rawQuery`: `;` follows where the query should end"),
    ] {
        let found = refusal(&request);
        assert!(found.contains(expected), "{request}: {found}");
    }
}
