"""A file or a theme that was named and is not there is a mistake of the line, in every verb."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.harness import EmbeddedServer
from tui.cli.verbs import DONE, USAGE

READING = [
    "replay FILE",
    "export FILE --to csv",
    "bring FILE --session 7",
    "hours import FILE",
    "payments import FILE",
    "table import FILE Seabright/Jobs",
    "files put FILE seabright-fleet",
    "widget FILE",
    "store restore FILE",
    "call timetonic.sendMsg b_c=b msg@=FILE",
    "call timetonic.sendMsg --json @FILE",
    "call timetonic.fileUpload file=FILE",
    "call igtimi.data.upload_import file=FILE",
    "status --config FILE",
]


@pytest.mark.parametrize("line", READING)
def test_a_file_that_is_not_there_ends_the_same_way_everywhere(
    shell: Shell, server: EmbeddedServer, tmp_path: Path, line: str
) -> None:
    shell.use(server)
    said = shell.run(*line.replace("FILE", str(tmp_path / "none")).split())
    assert (said.status, said.out) == (USAGE, ""), said
    assert said.err.startswith("tockdeck: ")


def test_a_theme_that_is_typed_and_is_none_is_said_by_every_verb(shell: Shell) -> None:
    for verb in ("status", "keys", "config check"):
        said = shell.run(*verb.split(), "--set", "deck.theme=nope")
        assert said.status == USAGE, said
        assert "there is no theme 'nope'; there are contrast-dark, " in said.err
    assert shell.run("config", "show", "--set", "deck.theme=moss").status == DONE


def test_a_theme_of_the_file_that_has_gone_stops_no_verb(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[deck]\ntheme = "nope"\n')
    assert shell.run("keys", "--config", str(file)).status == DONE
    assert shell.run("config", "check", "--config", str(file)).status == USAGE
