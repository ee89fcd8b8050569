"""The changes that scripts/mutate-program tries, and one program that holds many of them.

What: finds the changes of the on-chain program's sources, each a replacement of a few bytes of one file. cargo-mutants
names those of functions and operators. It does not look into macros and attributes, where most of a program's checks
are, so this adds: an `ensure` removed and its operators replaced, a call removed that only may fail, a constraint of an
account removed, a signer that need not sign. `write_schemata` then writes sources in which every change is there and
waits for its number (a "mutant schema"): `a < b` becomes `(if is_on(7) { a <= b } else { a < b })`, and the number that
is on is four bytes of the built program's read-only data, behind `MAGIC`.
Not here: building, running tests and judging, which scripts/mutate-program does.
Needs: `pip install tree-sitter==0.26.* tree-sitter-rust==0.24.*`, and cargo-mutants.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field

try:
    import tree_sitter
    import tree_sitter_rust
except ModuleNotFoundError as missing:
    sys.exit(f"mutants: {missing}: pip install 'tree-sitter==0.26.*' 'tree-sitter-rust==0.24.*'")

SOURCES = "programs/torque/src"
PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_rust.language()))
# The marker in a built program before the number of the change that is on, four bytes LE; 0 means no change.
MAGIC = b"torque: the change that is on is"
IS_ON = "crate::chosen::is_on"
CHOSEN = f"""//! Which change is on: its number is written into the built program.
#[repr(C)]
struct Chosen {{
    magic: [u8; {len(MAGIC)}],
    number: [u8; 4],
}}
#[used]
static CHOSEN: Chosen = Chosen {{ magic: *b"{MAGIC.decode()}", number: [0; 4] }};
#[inline(always)]
pub(crate) fn is_on(number: u32) -> bool {{
    u32::from_le_bytes(unsafe {{ std::ptr::read_volatile(&raw const CHOSEN.number) }}) == number
}}
"""
# Lints are allowed, because a change may be something that a lint forbids.
ALLOWED = b"#![allow(arithmetic_overflow, unconditional_panic, unsafe_code, warnings)]\n"
# The operators of an `ensure` and their replacements: the neighbouring operators, which show a wrong bound.
REPLACEMENTS = {
    "<": ("<=", "=="), "<=": ("<", "=="), ">": (">=", "=="), ">=": (">", "=="), "==": ("!=",), "!=": ("==",),
    "&&": ("||",), "||": ("&&",),
}  # fmt: skip
CONSTRAINT = re.compile(r"(has_one|constraint|address|owner|seeds|token::\w+|associated_token::\w+) ?=")


@dataclass
class Change:
    """One change of one file."""

    file: str
    name: str
    line: str
    # The change itself: these bytes of the file are replaced.
    start: int
    end: int
    replacement: str
    # How the change waits in the built program until its number is on. Either it has the smallest expression, statement
    # or body around it, of which the old or the new form runs, with the brackets around that; or other replacements,
    # which contain `{number}`. With neither, the change cannot wait and is built alone.
    around: tuple | None = None
    brackets: tuple = ("", "")
    conditional: list = field(default_factory=list)
    # Whether the waiting form makes the removed check later than the original, after other checks that may fail first.
    is_late: bool = False
    key: str = ""

    def applied_to(self, text, start=0, end=None):
        """The bytes text[start:end] with the change made."""
        return text[start : self.start] + self.replacement.encode() + text[self.end : end]

    def can_wait(self):
        """Whether it can be in one program with others."""
        return self.around is not None or bool(self.conditional)


class Source:
    """A file of the program, its syntax, and the changes of it."""

    def __init__(self, file, text):
        self.file, self.text = file, text
        self.root = PARSER.parse(text).root_node
        tests = text.find(b"#[cfg(test)]")
        self.code_end = len(text) if tests == -1 else tests

    def nodes(self, node=None):
        """All nodes before the tests, from the outermost on."""
        node = node or self.root
        if node.start_byte < self.code_end:
            yield node
            for child in node.children:
                yield from self.nodes(child)

    def change(self, start, end, replacement, what, **options):
        """A change that is named by its place and `what`."""
        before = self.text[:start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        shown = " ".join(self.text.decode().splitlines()[line - 1].split())
        return Change(self.file, f"{self.file}:{line}:{column}: {what}", shown, start, end, replacement, **options)

    def removal(self, node, **options):
        """A change that removes a node."""
        what = "remove " + " ".join(node.text.decode().split())
        return self.change(node.start_byte, node.end_byte, "", what, **options)

    def offset(self, place):
        """The byte at a line and column, which count from one and in characters."""
        lines = self.text.split(b"\n")
        before = lines[place["line"] - 1].decode()[: place["column"] - 1]
        return sum(len(each) + 1 for each in lines[: place["line"] - 1]) + len(before.encode())

    def named(self, mutant):
        """The change that cargo-mutants calls `mutant`."""
        start, end = (self.offset(mutant["span"][side]) for side in ("start", "end"))
        found = self.change(start, end, mutant["replacement"], mutant["name"].split(": ", 1)[1])
        node = self.root.descendant_for_byte_range(start, end)
        while node is not None and not encloses(node, mutant["genre"], start, end):
            node = node.parent
        if node is not None:
            found.around = (node.start_byte, node.end_byte)
            found.brackets = ("{", "}") if mutant["genre"] == "FnValue" else ("(", ")")
        return found

    def removed_checks(self):
        """Changes that cargo-mutants does not make."""
        for node in self.nodes():
            first = node.children[0] if node.type == "expression_statement" else None
            if first is not None and (first.type == "try_expression" or is_ensure(first)):
                yield self.removal(node, around=(node.start_byte, node.end_byte))
            if is_ensure(node):
                yield from self.replaced_operators(node)
            if node.type == "field_declaration":
                yield from self.removed_constraints(node)

    def replaced_operators(self, macro):
        """The same for the operators of an `ensure`, whose condition is mere tokens until it is parsed alone."""
        if macro.children[0].text != b"ensure":
            return
        inside = macro.children[-1]
        start, end = inside.start_byte + 1, [token for token in inside.children if token.type == ","][-1].start_byte
        head = b"fn f() { _ = "
        shift = start - len(head)
        for node in Source(self.file, head + self.text[start:end] + b"; }").nodes():
            around = (node.start_byte + shift, node.end_byte + shift)
            options = {"around": around, "brackets": ("(", ")")}
            if node.type == "binary_expression":
                operator = node.child_by_field_name("operator")
                place = (operator.start_byte + shift, operator.end_byte + shift)
                for other in REPLACEMENTS.get(operator.type, ()):
                    yield self.change(*place, other, f"replace {operator.type} with {other} in ensure!", **options)
            if node.type == "unary_expression" and node.text.startswith(b"!"):
                yield self.change(around[0], around[0] + 1, "", "delete ! in ensure!", **options)

    def removed_constraints(self, declaration):
        """The same for the attributes and the type of an account."""
        name = declaration.child_by_field_name("name").text.decode()
        kind = declaration.child_by_field_name("type")
        attributes, before = [], declaration.prev_sibling
        while before is not None and before.type in ("attribute_item", "line_comment"):
            if before.text.startswith(b"#[account("):
                attributes.append(before.children[2].children[-1])
            before = before.prev_sibling
        for tokens in attributes:
            items = list(split(tokens.children[1:-1]))
            for item, following in zip(items, [*items[1:], []], strict=True):
                # A bump is not valid without seeds.
                is_seeds = item[0].text == b"seeds" and following and following[0].text == b"bump"
                yield from self.removed_item(name, kind.text.decode(), item + following if is_seeds else item)
        if kind.text == b"Signer<'info>":
            start, end = kind.start_byte, kind.start_byte + len(b"Signer")
            what = f"let anybody be {name}"
            # Creating an account moves money before constraints are checked, so the payer must really sign there.
            creates = b"init," in declaration.parent.text
            check = f"constraint = {IS_ON}({{number}}) || {name}.is_signer @ ErrorCode::AccountNotSigner"
            before = (declaration.start_byte, declaration.start_byte, f"#[account({check})] ")
            edits = [] if creates else [(start, end, "UncheckedAccount"), before]
            options = {"conditional": edits, "is_late": True}
            yield self.change(start, end, "UncheckedAccount", what, **options)

    def removed_item(self, name, kind, tokens):
        """The change that removes one item of `#[account(..)]`, if it is a constraint."""
        start, end = tokens[0].start_byte, tokens[-1].end_byte
        text = self.text[start:end].decode()
        found = CONSTRAINT.match(text)
        if not found:
            return
        condition, _, error = text[found.end() :].partition("@")
        condition, error = condition.strip(), error.strip()
        loaded = f"{name}.load()?" if kind.startswith("AccountLoader") else name
        holds = {
            "has_one": f"{loaded}.{condition} == {condition}.key()",
            "constraint": f"({condition})",
            "address": f"{name}.key() == {condition}",
        }.get(found[1])
        edits = [(start, end, f"constraint = {IS_ON}({{number}}) || {holds} @ {error}")] if holds and error else []
        comma = re.match(rb"\s*,", self.text[end:])
        end += comma.end() if comma else 0
        what = "remove " + " ".join(self.text[start:end].decode().split())
        yield self.change(start, end, "", what, conditional=edits)


def encloses(node, genre, start, end):
    """Whether a node is what waits instead of the change of the bytes from `start` to `end`."""
    if genre == "BinaryOperator":
        operator = node.child_by_field_name("operator")
        found = node.type in ("binary_expression", "compound_assignment_expr") and operator is not None
        return found and (operator.start_byte, operator.end_byte) == (start, end)
    if genre == "UnaryOperator":
        return node.type == "unary_expression" and node.start_byte == start
    if genre == "MatchArmGuard":
        return node.is_named and (node.start_byte, node.end_byte) == (start, end) and not node.type.startswith("let_")
    if genre == "StructField":
        return node.type == "struct_expression"
    return genre == "FnValue" and node.type == "block" and node.parent.type == "function_item"


def is_ensure(node):
    """Whether a node is an `ensure` of the program, or one of its kin."""
    return node.type == "macro_invocation" and node.children[0].text.startswith(b"ensure")


def split(tokens):
    """The stretches of tokens between commas."""
    item = []
    for token in tokens:
        if token.type != ",":
            item.append(token)
        elif item:
            yield item
            item = []
    if item:
        yield item


def all_changes(repository):
    """Every change of the program under `repository`."""
    tool = shutil.which("cargo-mutants")
    if tool is None:
        sys.exit("mutants: no cargo-mutants on the path: cargo install cargo-mutants --locked --version 27.1.0")
    paths = sorted((repository / SOURCES).rglob("*.rs"))
    sources = {str(path.relative_to(repository)): None for path in paths}
    sources = {file: Source(file, (repository / file).read_bytes()) for file in sources}
    command = [tool, "mutants", "--list", "--json", "--package", "torque"]
    listed = subprocess.run(command, cwd=repository, check=True, stdout=subprocess.PIPE, text=True).stdout
    changes = [sources[mutant["file"]].named(mutant) for mutant in json.loads(listed)]
    for source in sources.values():
        changes += source.removed_checks()
    for change in changes:
        # A change keeps its key as long as its file is unchanged.
        digest = hashlib.sha256(sources[change.file].text + change.name.encode())
        change.key = digest.hexdigest()[:16]
    return changes


class Writer:
    """The sources of one file with its changes, and where they are in it."""

    def __init__(self, text, numbers, head):
        self.text, self.out = text, bytearray(head)
        # Parts of the output as (start, end, numbers of the changes that cause an error there).
        self.stretches = []
        # The waiting changes by their places: (brackets, [(number, change)]), or the replacing text.
        self.waiting = {}
        for number, change in numbers.items():
            if change.around:
                self.waiting.setdefault(change.around, (change.brackets, []))[1].append((number, change))
            for start, end, conditional in change.conditional:
                self.waiting[(start, end)] = (number, conditional.replace("{number}", str(number)))
        self.write(0, len(text), sorted(self.waiting, key=lambda place: (place[0], -place[1])))

    def write(self, start, end, places):
        """Writes text[start:end], with what waits at `places`, all of them within."""
        while places:
            place = places[0]
            inner = [other for other in places[1:] if other[1] <= place[1]]
            places = places[1 + len(inner) :]
            self.out += self.text[start : place[0]]
            self.write_waiting(place, inner)
            start = place[1]
        self.out += self.text[start:end]

    def write_waiting(self, place, inner):
        """Writes what waits at one place."""
        begin, (head, waits) = len(self.out), self.waiting[place]
        if isinstance(waits, str):
            self.out += waits.encode()
            self.stretches.append((begin, len(self.out), [head]))
            return
        self.out += head[0].encode()
        for number, change in waits:
            arm = len(self.out)
            self.out += f"if {IS_ON}({number}) {{ ".encode() + change.applied_to(self.text, *place) + b" } else "
            self.stretches.append((arm, len(self.out), [number]))
        self.out += b"{ "
        self.write(*place, inner)
        self.out += f" }}{head[1]}".encode()
        self.stretches.append((begin, len(self.out), [number for number, _ in waits]))

    def at_fault(self, start, end):
        """The numbers of the changes that an error from `start` to `end` comes from."""
        around = [each for each in self.stretches if each[0] <= start and end <= each[1]]
        return min(around, key=lambda each: each[1] - each[0])[2] if around else []


def write_schemata(tree, texts, numbers):
    """Writes the sources with all the changes in `numbers` into `tree`; returns the writer of each file."""
    writers = {}
    for file, text in texts.items():
        head, foot = (ALLOWED, b"\nmod chosen;\n") if file == f"{SOURCES}/lib.rs" else (b"", b"")
        here = {number: change for number, change in numbers.items() if change.file == file}
        writers[file] = Writer(text, here, head)
        (tree / file).write_bytes(writers[file].out + foot)
    (tree / SOURCES / "chosen.rs").write_text(CHOSEN)
    return writers


def spans_of(span):
    """A span of an error and those of the macros that it comes from."""
    while span is not None:
        yield span
        span = (span["expansion"] or {}).get("span")


def compiling(tree, changes):
    """Writes the schemata of as many changes as compile together into `tree`; returns them by number."""
    texts = {str(path.relative_to(tree)): path.read_bytes() for path in sorted((tree / SOURCES).rglob("*.rs"))}
    numbers = dict(enumerate((change for change in changes if change.can_wait()), 1))
    command = ["cargo", "check", "--locked", "--package", "torque", "--lib", "--message-format", "json"]
    while True:
        writers = write_schemata(tree, texts, numbers)
        done = subprocess.run(command, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode == 0:
            return numbers
        messages = [each["message"] for each in map(json.loads, done.stdout.splitlines()) if "message" in each]
        errors = [message for message in messages if message["level"] == "error" and message["spans"]]
        at_fault = {number for error in errors for number in faults_of(error, writers)}
        print(f"{len(numbers)} changes in one program: {len(at_fault)} do not compile there", flush=True)
        if not at_fault:
            sys.exit("mutants: the changes do not compile together:\n" + "".join(error["rendered"] for error in errors))
        numbers = {number: change for number, change in numbers.items() if number not in at_fault}


def faults_of(error, writers):
    """The numbers of the changes that an error comes from: those around its main place, else around any."""
    for is_main in (True, False):
        for first in error["spans"]:
            for span in spans_of(first) if first["is_primary"] == is_main else ():
                file = span["file_name"]
                if file in writers and (found := writers[file].at_fault(span["byte_start"], span["byte_end"])):
                    return found
    return []
