//! One form for all ways to write the same JSON, so that a hash identifies the content of a file.
//!
//! Names are sorted, fields that are `null` are left out, numbers have the digits of an exact decimal, and there is no
//! white space. Pure; it does not know the meaning of the fields.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::values::decimal::Decimal;

/// How deep objects and lists may be nested.
const MAX_DEPTH: usize = 32;

/// Writes the object `text` in its canonical form, without the fields of its top that are named in `left_out`.
///
/// `None` if it is not a JSON object or too deeply nested. The last value of a repeated name counts; readers of the
/// object refuse repetitions before.
#[must_use]
pub fn canonical_object(text: &str, left_out: &[&str]) -> Option<String> {
    let mut members: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    members.retain(|name, _| !left_out.contains(&name.as_str()));
    object(&members, MAX_DEPTH)
}

fn object(members: &BTreeMap<String, &RawValue>, depth: usize) -> Option<String> {
    let written = members.iter().filter(|(_, value)| value.get() != "null").map(|(name, value)| {
        Some(format!("{}:{}", serde_json::to_string(name).ok()?, canonical(value, depth.checked_sub(1)?)?))
    });
    Some(format!("{{{}}}", written.collect::<Option<Vec<_>>>()?.join(",")))
}

fn canonical(value: &RawValue, depth: usize) -> Option<String> {
    let text = value.get();
    match text.bytes().next()? {
        b'{' => object(&serde_json::from_str(text).ok()?, depth),
        b'[' => {
            let members: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            let written = members.into_iter().map(|member| canonical(member, depth.checked_sub(1)?));
            Some(format!("[{}]", written.collect::<Option<Vec<_>>>()?.join(",")))
        }
        b'"' => serde_json::to_string(&serde_json::from_str::<String>(text).ok()?).ok(),
        b't' | b'f' | b'n' => Some(text.to_owned()),
        // A number with more digits than a decimal can have stays as it is written.
        _ => Some(text.parse::<Decimal>().map_or_else(|_| text.to_owned(), |number| number.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_object_has_one_form() {
        let forms = [
            r#"{"b":[1,2.50,{"y":null,"x":"A"}],"a":true,"confirmed":false}"#,
            "{ \"confirmed\": true, \"a\": true,\n \"b\": [1.0, 25e-1, {\"x\": \"\\u0041\"}], \"c\": null }",
        ];
        for form in forms {
            assert_eq!(canonical_object(form, &["confirmed"]).as_deref(), Some(r#"{"a":true,"b":[1,2.5,{"x":"A"}]}"#));
        }
    }

    #[test]
    fn another_object_has_another_form() {
        let form = |text: &str| canonical_object(text, &[]).unwrap();
        for (left, right) in [
            (r#"{"a":1}"#, r#"{"a":"1"}"#),
            (r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#),
            (r#"{"a":[null]}"#, r#"{"a":[]}"#),
            (r#"{"a":9007199254740993}"#, r#"{"a":9007199254740992}"#),
            (r#"{"a":"x\",\"b"}"#, r#"{"a":"x","b":""}"#),
        ] {
            assert_ne!(form(left), form(right));
        }
    }

    #[test]
    fn only_an_object_of_bounded_depth_has_a_form() {
        assert_eq!(canonical_object("[1]", &[]), None);
        assert_eq!(canonical_object("{", &[]), None);
        let nested = |depth: usize| format!(r#"{{"a":{}1{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert!(canonical_object(&nested(20), &[]).is_some());
        assert_eq!(canonical_object(&nested(100), &[]), None);
    }
}
