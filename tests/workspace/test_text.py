"""Attempts to get something past `clean`."""

from __future__ import annotations

import json
import unicodedata
from random import Random

import pyte
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.workspace.text import DOTTED_CIRCLE, clean, clean_block, escaped, in_order

ATTACKS = [
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x1b]52;c;ZXZpbA==\x1b\\",
    "\x9b2J",
    "\x90q\x9c",
    "a\rb",
    "a\nb\r\nc\x0b\x0c\x85\u2028\u2029",
    "abc\u202etxt.exe",
    "\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
    "\u0301 starts with a mark",
    "a" + "\u0301" * 50,
    "a\u200b\u200c\u200d\ufeff\u2060\u00adb",
    "👩\u200d👩\u200d👧",
    "🇩🇪",
    "👍🏽",
    "❤\ufe0f",
    "\ud800 lone \udfff",
    "\ue000\uffff\U0010ffff",
    "\u3164\u115f\uffa0",
    "\U000e0041\U000e0042",
    "\x00\x7f",
    "tab\there",
]
anything = st.text(
    st.one_of(
        st.characters(),
        st.characters(codec=None, categories=("Cc", "Cf", "Cs", "Mn", "Me", "Zl", "Zp", "Zs")),
        st.sampled_from("\x1b[]\x9b\x07\\;m\u202e\u200d\ufe0f"),
    ),
    max_size=60,
)


def check(line: str) -> None:
    for character in line:
        category = unicodedata.category(character)
        assert category not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"), ascii(character)
        assert not 0x1F1E6 <= ord(character) <= 0x1F1FF
        assert not 0xFE00 <= ord(character) <= 0xFE0F
    assert not line or unicodedata.category(line[0]) not in ("Mn", "Me")
    line.encode()


@given(anything)
@example("\x1b[31m")
def test_nothing_dangerous_is_left(text: str) -> None:
    check(clean(text))
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize("attack", ATTACKS, ids=ascii)
def test_known_attacks(attack: str) -> None:
    check(clean(attack))
    assert "\n" not in clean(attack)


@given(anything)
def test_width_is_the_sum_of_its_characters(text: str) -> None:
    line = clean(text)
    assert cell_len(line) == sum(cell_len(character) for character in line)


@given(anything)
def test_a_terminal_only_ever_writes_it(text: str) -> None:
    screen = pyte.Screen(400, 3)
    pyte.Stream(screen).feed(clean(text))
    assert screen.cursor.y == 0
    assert screen.cursor.attrs == screen.default_char
    assert screen.title == ""
    assert all(not row.strip() for row in screen.display[1:])


@given(anything)
def test_blocks_are_lines_that_are_clean(text: str) -> None:
    for line in clean_block(text).split("\n"):
        check(line)


def test_what_a_person_reads() -> None:
    assert clean("\x1b[31mred") == "␛[31mred"
    assert clean("one\r\ntwo\tthree") == "one↵two⇥three"
    assert clean("🇩🇪 ok") == "DE ok"
    assert clean("a\u00a0b") == "a b"
    assert clean("Ünïcode 日本語 שלום नमस्ते") == "Ünïcode 日本語 שלום नमस्ते"
    assert clean(None) == ""
    assert clean(3.5) == "3.5"
    assert clean_block("a\tb\r\nc\x1b") == "a    b\nc␛"


def test_marks_are_kept_within_reason() -> None:
    assert clean("e\u0301") == "e\u0301"
    assert clean("e" + "\u0301" * 9) == "e" + "\u0301" * 3


def test_memory_is_bounded_for_a_stream_of_all_characters() -> None:
    from tui.workspace import text as module

    for start in range(0x100, 0x20000, 64):
        clean("".join(map(chr, range(start, start + 64))))
    assert len(module._remembered) <= module._MOST_REMEMBERED


@given(anything)
def test_escaped_json_is_the_same_json(text: str) -> None:
    written = json.dumps(text, ensure_ascii=False)
    assert json.loads(escaped(written)) == text
    for character in escaped(written):
        assert clean(character) in (character, DOTTED_CIRCLE + character)


def test_names_are_listed_by_the_worth_of_the_numbers_in_them() -> None:
    right = [
        "Boat",
        "boat 1",
        "Boat 1b",
        "Boat 2",
        "boat 10",
        "GA-EN-AAAB",
        "NZL 7",
        "NZL 007",
        "NZL 42",
        "udp 10.0.0.1",
        "udp 10.0.0.2",
        "udp 10.0.0.10",
        "udp 10.0.0.10:5000",
    ]
    for seed in range(5):
        mixed = list(right)
        Random(seed).shuffle(mixed)
        assert sorted(mixed, key=in_order) == right


@given(st.lists(st.text(alphabet="aB1029 .²٣", max_size=8), max_size=12))
def test_any_names_are_listed_in_one_order(names: list[str]) -> None:
    once = sorted(names, key=in_order)
    names.reverse()
    assert sorted(names, key=in_order) == once


def test_figures_of_any_length_have_a_place() -> None:
    long, longer = "1" * 5000, "1" * 5001
    assert sorted([longer, long, "2"], key=in_order) == ["2", long, longer]


@pytest.mark.parametrize("text", ["10", "a10", "a"])
def test_names_and_figures_stand_beside_each_other(text: str) -> None:
    assert in_order(text) < in_order(f"{text}z")
