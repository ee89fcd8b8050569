//! Rust source, read as far as the rules need it: code without comments and literals, words, functions.
//!
//! Not a parser: it finds words and matches brackets, which is enough once comments and literals are out of the way.

/// A word of the code: an identifier or a keyword.
#[derive(Clone, Copy)]
pub(crate) struct Word<'code> {
    pub(crate) text: &'code str,
    /// The offset of its first byte.
    pub(crate) start: usize,
}

impl Word<'_> {
    /// Whether `text` stands right before the word.
    pub(crate) fn follows(&self, code: &str, text: &str) -> bool {
        code[..self.start].ends_with(text)
    }
}

/// A function with a body.
pub(crate) struct Function<'code> {
    pub(crate) name: &'code str,
    pub(crate) line: usize,
    /// The lines between its braces that hold code.
    pub(crate) length: usize,
    /// The code before its `fn`, back to the end of what stands before: attributes, visibility.
    pub(crate) attributes: &'code str,
}

/// The text with comments and the content of literals blanked out: ASCII only, every byte on the line where it was.
pub(crate) fn code_of(text: &str) -> String {
    let ascii: Vec<u8> = text.chars().map(|character| u8::try_from(character).unwrap_or(b'?')).collect();
    let mut code = vec![b' '; ascii.len()];
    let mut at = 0;
    while at < ascii.len() {
        let end = literal_end(&ascii, at).unwrap_or(at);
        if end == at {
            code[at] = if ascii[at].is_ascii() { ascii[at] } else { b'?' };
            at += 1;
            continue;
        }
        for position in at..end {
            code[position] = if ascii[position] == b'\n' { b'\n' } else { b' ' };
        }
        if ascii[at] != b'/' {
            code[at] = b'"';
        }
        at = end;
    }
    String::from_utf8(code).unwrap_or_default()
}

/// The words of a piece of code.
pub(crate) fn words(code: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = 0;
    while let Some(skipped) = code[rest..].find(is_word_character) {
        let start = rest + skipped;
        let end = code[start..].find(|c| !is_word_character(c)).map_or(code.len(), |length| start + length);
        words.push(Word { text: &code[start..end], start });
        rest = end;
    }
    words
}

/// The functions with a body, nested ones too.
pub(crate) fn functions(code: &str) -> Vec<Function<'_>> {
    let words = words(code);
    words.windows(2).filter_map(|pair| function_at(code, pair[0], pair[1])).collect()
}

/// The number of the line, from 1, that holds the byte at `offset`.
pub(crate) fn line_of(code: &str, offset: usize) -> usize {
    code[..offset].matches('\n').count() + 1
}

/// The offset of the bracket that closes the one at `open`.
pub(crate) fn closing_bracket(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(offset);
        }
    }
    None
}

fn is_word_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

fn function_at<'code>(code: &'code str, keyword: Word<'_>, name: Word<'code>) -> Option<Function<'code>> {
    let between = &code[keyword.start + keyword.text.len()..name.start];
    if keyword.text != "fn" || !between.trim().is_empty() {
        return None;
    }
    let open = body_start(code, name.start)?;
    let close = closing_bracket(code, open)?;
    let before = code[..keyword.start].rfind(['{', '}', ';']).map_or(0, |end| end + 1);
    Some(Function {
        name: name.text,
        line: line_of(code, keyword.start),
        length: code[open + 1..close].lines().filter(|line| !line.trim().is_empty()).count(),
        attributes: &code[before..keyword.start],
    })
}

/// The opening brace of the body of the function whose signature continues at `from`; `None` if it has no body.
fn body_start(code: &str, from: usize) -> Option<usize> {
    let mut offset = from;
    loop {
        match code.as_bytes().get(offset)? {
            b'{' => return Some(offset),
            b';' => return None,
            b'(' | b'[' => offset = closing_bracket(code, offset)?,
            _ => {}
        }
        offset += 1;
    }
}

/// The end of the comment or literal that begins at `at`; `None` if neither begins there.
fn literal_end(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..];
    let length = match rest {
        [b'/', b'/', ..] => rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()),
        [b'/', b'*', ..] => block_comment_length(rest),
        [b'"', ..] => quoted_length(rest, b'"'),
        [b'\'', b'\\', ..] => quoted_length(rest, b'\''),
        [b'\'', _, b'\'', ..] => 3,
        [b'r', ..] if at == 0 || !is_word_before_raw(text, at) => raw_string_length(rest)?,
        _ => return None,
    };
    Some(at + length)
}

/// Whether the `r` at `at` ends a word, so that no raw string begins there; `br` and `cr` do begin one.
fn is_word_before_raw(text: &[u8], at: usize) -> bool {
    let before = &text[..at];
    let (last, rest) = before.split_last().unwrap_or((&b' ', &[]));
    let is_prefix =
        matches!(last, b'b' | b'c') && !rest.last().is_some_and(|byte| is_word_character(char::from(*byte)));
    is_word_character(char::from(*last)) && !is_prefix
}

fn quoted_length(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    rest.len().min(at + 1)
}

fn raw_string_length(rest: &[u8]) -> Option<usize> {
    let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
    if rest.get(1 + hashes) != Some(&b'"') {
        return None;
    }
    let end = [b"\"".as_slice(), &vec![b'#'; hashes]].concat();
    let body = &rest[2 + hashes..];
    let length = body.windows(end.len()).position(|window| window == end).unwrap_or(body.len());
    Some(rest.len().min(2 + hashes + length + end.len()))
}

fn block_comment_length(rest: &[u8]) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while at < rest.len() {
        match &rest[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blanked_and_lines_stay() {
        let text = "a // b\n\"c\\\"{\" d /* e /* { */\n */ 'f' '\\'' r#\"g\"{\"# br\"{\" 'h i r#j";
        let words: Vec<_> = words(&code_of(text)).iter().map(|word| word.text.to_owned()).collect();
        assert_eq!(words, ["a", "d", "b", "h", "i", "r", "j"]);
        assert_eq!(code_of(text).lines().count(), text.lines().count());
    }

    #[test]
    fn functions_are_found_with_their_lengths_and_attributes() {
        let text =
            "#[test]\nfn a_b(x: [u8; 2]) -> fn(u8) {\n  // c\n  d();\n\n  e(\"}\");\n}\ntrait F { fn g(); fn h() {} }";
        let code = code_of(text);
        let found: Vec<_> = functions(&code).iter().map(|found| (found.name, found.line, found.length)).collect();
        assert_eq!(found, [("a_b", 2, 2), ("h", 8, 0)]);
        assert_eq!(functions(&code)[0].attributes.trim(), "#[test]");
    }
}
