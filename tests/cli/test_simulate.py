"""Another fleet on the embedded live feed: what is asked for, and what is said about it."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Shell
from tests.journeys.conftest import stop_server
from tui.cli import DONE, USAGE


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--boats", "-1", "0 to 500"),
        ("--boats", "501", "0 to 500"),
        ("--boats", "1.5", "no whole number"),
        ("--boats", "many", "no number"),
        ("--boats", "nan", "0 to 500"),
        ("--hz", "0", "above 0 to 50"),
        ("--hz", "50.1", "above 0 to 50"),
        ("--hz", "inf", "above 0 to 50"),
    ],
)
def test_a_fleet_that_cannot_be_is_refused(
    shell: Shell, option: str, value: str, words: str
) -> None:
    said = shell.run("simulate", f"{option}={value}")
    assert said.status == USAGE
    assert words in said.err
    assert not said.out
    assert not (shell.home / "data").exists(), "nothing was started"


def test_a_fleet_takes_the_place_of_the_one_before(shell: Shell) -> None:
    try:
        first = shell.process("simulate", "--boats", "1", "--hz", "1")
        assert first.status == DONE, first.err
        told = json.loads(first.out)
        assert (told["boats"], told["hz"]) == (1, 1.0)
        assert "1 boat sails, 1 sample a second each" in first.err
        assert "after 5 minutes without use" in first.err
        shell.set({"TOCKDECK_IGTIMI_BASE_URL": "http://127.0.0.1:9"})
        shell.set({"TOCKDECK_EMBEDDED_USE": "always"})
        second = shell.process("simulate", "--boats", "2")
        assert second.status == DONE, second.err
        assert "2 boats sail" in second.err
        assert "set up elsewhere" in second.err, "the deck would not see them"
    finally:
        stop_server(shell.home)
