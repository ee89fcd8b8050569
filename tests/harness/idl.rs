//! The committed interface description, as far as the generated tests need it: the instructions, the names of their
//! accounts, and the places of vectors' lengths in a call's data.

use std::sync::LazyLock;

use serde_json::Value;

static IDL: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../programs/torque/idl/torque.json")).unwrap());

/// Bytes of an instruction's discriminator.
pub const DISCRIMINATOR: usize = 8;

/// An account that an instruction takes.
pub struct AccountRule {
    /// Its name.
    pub name: &'static str,
    /// Whether the instruction may change it.
    pub is_writable: bool,
    /// Whether it must sign.
    pub is_signer: bool,
}

/// The names of all instructions.
#[must_use]
pub fn instructions() -> Vec<&'static str> {
    list(&IDL["instructions"]).iter().map(|it| text(&it["name"])).collect()
}

/// The accounts of an instruction, in order, without those that follow them.
#[must_use]
pub fn accounts(instruction: &str) -> Vec<AccountRule> {
    let is = |account: &Value, flag: &str| account.get(flag).is_some_and(|value| value == true);
    list(&definition(instruction)["accounts"])
        .iter()
        .map(|account| AccountRule {
            name: text(&account["name"]),
            is_writable: is(account, "writable"),
            is_signer: is(account, "signer"),
        })
        .collect()
}

/// The place of each vector's length in `data`, a call of `instruction`, with the vector's name.
#[must_use]
pub fn vector_lengths(instruction: &str, data: &[u8]) -> Vec<(String, usize)> {
    let mut reader = Reader { data, at: DISCRIMINATOR, found: Vec::new() };
    for argument in list(&definition(instruction)["args"]) {
        reader.read(&argument["type"], text(&argument["name"]));
    }
    assert_eq!(reader.at, data.len(), "{instruction}: the interface description does not explain the data");
    reader.found
}

fn definition(instruction: &str) -> &'static Value {
    let found = list(&IDL["instructions"]).iter().find(|it| it["name"] == instruction);
    found.unwrap_or_else(|| panic!("the interface description has no instruction {instruction}"))
}

fn list(value: &'static Value) -> &'static [Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &'static Value) -> &'static str {
    value.as_str().unwrap()
}

/// Reads a call's data by the types of its arguments.
struct Reader<'a> {
    data: &'a [u8],
    at: usize,
    found: Vec<(String, usize)>,
}

impl Reader<'_> {
    /// Skips a value of type `kind` with the name `name`.
    fn read(&mut self, kind: &'static Value, name: &str) {
        if let Some(primitive) = kind.as_str() {
            self.read_primitive(primitive, name);
        } else if let Some(item) = kind.get("vec") {
            self.found.push((name.to_owned(), self.at));
            for _ in 0..self.read_length() {
                self.read(item, name);
            }
        } else if let Some(array) = kind.get("array") {
            for _ in 0..array[1].as_u64().unwrap() {
                self.read(&array[0], name);
            }
        } else if let Some(inner) = kind.get("option") {
            self.at += 1;
            if self.data[self.at - 1] == 1 {
                self.read(inner, name);
            }
        } else {
            self.read_defined(text(&kind["defined"]["name"]), name);
        }
    }

    fn read_primitive(&mut self, primitive: &str, name: &str) {
        self.at += match primitive {
            "bool" | "i8" | "u8" => 1,
            "i16" | "u16" => 2,
            "i32" | "u32" => 4,
            "i64" | "u64" => 8,
            "i128" | "u128" => 16,
            "pubkey" => 32,
            "bytes" | "string" => {
                self.found.push((name.to_owned(), self.at));
                self.read_length()
            }
            other => panic!("{name}: a type that is not known here: {other}"),
        };
    }

    fn read_defined(&mut self, defined: &str, name: &str) {
        let definition = list(&IDL["types"]).iter().find(|it| it["name"] == defined).unwrap();
        let kind = &definition["type"];
        let fields = if kind["kind"] == "enum" {
            self.at += 1;
            &kind["variants"][usize::from(self.data[self.at - 1])]["fields"]
        } else {
            &kind["fields"]
        };
        for field in list(fields) {
            let name = field.get("name").and_then(Value::as_str).unwrap_or(name);
            self.read(field.get("type").unwrap_or(field), name);
        }
    }

    fn read_length(&mut self) -> usize {
        let length = self.data[self.at..self.at + 4].try_into().unwrap();
        self.at += 4;
        u32::from_le_bytes(length) as usize
    }
}
