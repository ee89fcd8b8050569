//! The repository's text files, read once, and the form in which a rule reports its offences.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::source::code_of;

/// Never part of the repository, wherever they lie.
const FOREIGN_FOLDERS: [&str; 4] = [".git", "dist", "node_modules", "target"];

/// A text file of the repository.
pub(crate) struct TextFile {
    /// From the repository's root, with `/` between the parts.
    pub(crate) path: String,
    pub(crate) text: String,
    /// For Rust files: the text with comments and the content of literals blanked out, every line where it was.
    pub(crate) code: String,
}

impl TextFile {
    /// The folder that holds the file, empty for the root.
    pub(crate) fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The file's name without folder and without extension.
    pub(crate) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }
}

static FILES: LazyLock<Vec<TextFile>> = LazyLock::new(|| {
    let mut files = Vec::new();
    collect(&root(), "", &mut files);
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files
});

/// The repository's root folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Every text file.
pub(crate) fn text_files() -> &'static [TextFile] {
    &FILES
}

/// Every Rust file.
pub(crate) fn rust_files() -> impl Iterator<Item = &'static TextFile> {
    FILES.iter().filter(|file| file.path.ends_with(".rs"))
}

/// Every Rust file directly in a folder; the folder must have one.
pub(crate) fn rust_files_in(folder: &str) -> Vec<&'static TextFile> {
    let files: Vec<_> = rust_files().filter(|file| file.folder() == folder).collect();
    assert!(!files.is_empty(), "{folder}: has no Rust file, and a rule needs them");
    files
}

/// A file that a rule cannot do without.
pub(crate) fn text_file(path: &str) -> &'static TextFile {
    let found = FILES.iter().find(|file| file.path == path);
    assert!(found.is_some(), "{path}: is missing, and a rule needs it");
    found.unwrap()
}

/// Whether the repository has a text file at this path.
pub(crate) fn has_text_file(path: &str) -> bool {
    FILES.iter().any(|file| file.path == path)
}

/// Fails with all offences, one per line, unless there are none.
pub(crate) fn refuse(offences: &[String]) {
    assert!(offences.is_empty(), "{} offences:\n{}\n", offences.len(), offences.join("\n"));
}

/// Reads the text files below `folder`; what is not UTF-8 is not text.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<TextFile>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type().unwrap();
        if kind.is_dir() && !FOREIGN_FOLDERS.contains(&name.as_str()) {
            collect(&entry.path(), &format!("{path}/"), files);
        } else if kind.is_file()
            && let Ok(text) = String::from_utf8(fs::read(entry.path()).unwrap())
        {
            let code = if path.ends_with(".rs") { code_of(&text) } else { String::new() };
            files.push(TextFile { path, text, code });
        }
    }
}
