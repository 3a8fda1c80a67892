"""Counts are said in right English, everywhere that something is counted."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.words import LONGEST_NAME, are, as_given, counted, have, in_brief, noun, plural, were

ROOT = Path(__file__).resolve().parents[1]
# The embedded services answer in the words of the services' own documents.
MODULES = [
    path
    for path in sorted((ROOT / "tui").rglob("*.py"))
    if "embedded" not in path.relative_to(ROOT).parts
]
_VERBS = """
is was has as this its does goes says takes needs holds names ends runs stands makes writes lists
begins uses comes knows reads asks lets belongs means exists destroys overwrites opens keeps shows
stays connects sets moves sits puts deletes prints sends happens fills changes joins sees stops
repeats us address
"""
VERBS = frozenset(_VERBS.split())
"""Words that end like a plural and are none."""
NEVER_ONE = {
    "cli/replay.py": {"FASTEST"},
    "live/link.py": {"self.hangups"},
    "live/replay.py": {"self.speed"},
    "screens/console/answer.py": {"MOST_LINES"},
    "screens/tocks/tock_form.py": {"TITLE.stop - 1"},
    "services/arguments.py": {"bounds"},
    "services/igtimi/session_log.py": {"len(contents)"},
    "services/transport.py": {"self.limits.answer"},
    "services/widgets/document.py": {"len(KINDS)"},
    "widgets/grid_model.py": {"len(keys)", "len(rows)"},
    "widgets/theme.py": {"LEVELS"},
}
"""Values that stand before a plural and are never 1: limits, and what is said of several."""


KEYS = ("key_for", "letter_for", "either_of", "pair_of")
"""What gives the name of a key, which does something and is not counted."""


def bare_counts(source: str) -> Iterator[tuple[int, str, str]]:
    """Every value of an f-string that a plural follows: its line, itself, and the plural."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.JoinedStr):
            continue
        for value, after in zip(node.values, node.values[1:], strict=False):
            if not (isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant)):
                continue
            if isinstance(value.value, ast.Call) and ast.unparse(value.value.func) in KEYS:
                continue
            found = re.match(r" (?:more |other |[a-z]+ed )?([a-z]+s)\b", str(after.value))
            if found and found[1] not in VERBS:
                yield value.lineno, ast.unparse(value.value), found[1]


def test_a_bare_count_would_be_found() -> None:
    source = 'f"{len(rows):,} rows"\nf"{n} more entries"\nf"{name} is there"\nf"{n} of {m} rows"'
    assert [(value, word) for _, value, word in bare_counts(source)] == [
        ("len(rows)", "rows"), ("n", "entries"), ("m", "rows"),
    ]  # fmt: skip


def test_nothing_is_counted_without_its_number() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {{{value}}} {word}"
        for path in MODULES
        for line, value, word in bare_counts(path.read_text(encoding="utf-8"))
        if value not in NEVER_ONE.get(path.relative_to(ROOT / "tui").as_posix(), ())
    ]
    assert not found, "say it with tui.words.counted"


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("row", "rows"), ("entry", "entries"), ("day", "days"), ("match", "matches"),
        ("fix", "fixes"), ("approved entry", "approved entries"), ("bus", "buses"),
        ("dish", "dishes"), ("key", "keys"),
    ],
)  # fmt: skip
def test_several_of_a_thing(one: str, many: str) -> None:
    assert plural(one) == many
    assert noun(1, one) == one
    assert noun(2, one) == noun(0, one) == many
    assert noun(2, one, "others") == "others"


def test_counts() -> None:
    assert [counted(n, "row") for n in (0, 1, 2, 2000)] == [
        "0 rows",
        "1 row",
        "2 rows",
        "2,000 rows",
    ]
    assert [counted(n, "minute") for n in (1.0, 2.5)] == ["1 minute", "2.5 minutes"]
    assert [were(1), were(2), have(1), have(0)] == ["was", "were", "has", "have"]
    assert [are(1), are(0)] == ["is", "are"]


def test_no_wrong_english_is_left() -> None:
    wrong = re.compile(r"how manieth|recordings? of before\b|\b1 (?:rows|blocks|entries)\b")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in MODULES
        if (match := wrong.search(path.read_text(encoding="utf-8")))
    ]
    assert not found


def test_a_very_long_name_keeps_its_beginning_and_its_end() -> None:
    assert in_brief("Fleet\n maintenance") == "Fleet maintenance"
    name = f"Beginning {'of a name ' * 30}and its end"
    assert len(in_brief(name)) <= LONGEST_NAME
    assert in_brief(name).startswith("Beginning of a name")
    assert "…" in in_brief(name)
    assert in_brief(name).endswith("name and its end")


def test_what_is_refused_is_repeated_as_it_was_given_and_never_longer_than_in_brief() -> None:
    assert as_given("1 2") == "'1 2'"
    assert as_given("a\u00a0\nb") == repr("a\u00a0\nb"), "a blank may be what it is refused for"
    assert as_given(5) == "5"
    for long in ("9" * 9000, [*range(9000)]):
        assert len(as_given(long)) <= LONGEST_NAME + 2
        assert "…" in as_given(long)
