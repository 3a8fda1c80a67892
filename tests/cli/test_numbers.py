"""Numbers on the command line: what is none is refused in words, before anything is done."""

from __future__ import annotations

import argparse

import pytest

from tests.cli.conftest import Shell
from tui.cli import USAGE
from tui.cli.numbers import positive, whole_number
from tui.cli.parser import parser_of
from tui.cli.verbs import VERBS


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("live", "--session", "abc"), "--session: 'abc' is no number"),
        (("bring", "x.nmea", "--session", "1.5"), "--session: 1.5 is no whole number"),
        (("export", "--to", "csv", "--session", "-1"), "--session: -1 is not from 0 upwards"),
        (("listen", "--stop", "one"), "--stop: 'one' is no number"),
        (("changes", "--most", "0"), "--most: 0 is not from 1 upwards"),
        (("changes", "--most", "many"), "--most: 'many' is no number"),
        (("embedded", "--port", "99999"), "--port: 99999 is not from 0 to 65535"),
        (("embedded", "--hz", "nan"), "--hz: nan is not above 0 to 50"),
        (("embedded", "--idle", "0"), "--idle: 0 is not above 0 to"),
        (("embedded", "--boats", "2.5"), "--boats: 2.5 is no whole number"),
        (("serve", "--persons", "1.5"), "--persons: 1.5 is no whole number"),
        (("serve", "--port", "80.9"), "--port: 80.9 is no whole number"),
    ],
)
def test_what_is_no_such_number_is_said_in_words(
    shell: Shell, words: tuple[str, ...], why: str
) -> None:
    said = shell.run(*words)
    assert (said.status, said.out) == (USAGE, "")
    assert why in said.err


@pytest.mark.parametrize("verb", VERBS)
def test_no_option_leaves_its_words_to_the_language_it_is_written_in(verb: str) -> None:
    # argparse says "invalid int value" of these.
    assert [one.dest for one in parser_of(verb)._actions if one.type in (int, float)] == []


def test_what_is_one_is_read() -> None:
    assert (whole_number()("0"), whole_number(1, 3)("3"), positive(2)("0.5")) == (0, 3, 0.5)
    with pytest.raises(argparse.ArgumentTypeError, match="4 is not from 1 to 3"):
        whole_number(1, 3)("4")
