"""`tockdeck find`: what was read, found in the shell; nobody is asked and no screen imported."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deck import service_settings, workspace_of
from tests.harness import EmbeddedServer
from tests.patient import MOST_SECONDS
from tests.workspace.search.test_search import read_everything
from tui.cli import find, main
from tui.cli.parser import options_of
from tui.cli.verbs import DONE, REFUSED, USAGE

CODE = """
import sys
from tui.cli import main
status = main(["find", "lumen"])
loaded = {name.split(".")[0] for name in sys.modules}
print(sorted({"textual", "rich"} & loaded), status, file=sys.stderr)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[EmbeddedServer, Path]:
    """The directories of somebody who has looked at everything; the services are gone since."""
    folder = tmp_path_factory.mktemp("home")

    async def look(server: EmbeddedServer) -> None:
        workspace = workspace_of(server, folder)
        try:
            await read_everything(workspace)
        finally:
            await workspace.close()

    # With every inconsistency a title that is looked for here would not be told.
    with EmbeddedServer(quirks=False) as server:
        asyncio.run(look(server))
    return server, folder


@pytest.fixture(autouse=True)
def home(folder: tuple[EmbeddedServer, Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    server, path = folder
    monkeypatch.setenv("TOCKDECK_HOME", str(path))
    for key, value in service_settings(server).items():
        monkeypatch.setenv(f"TOCKDECK_{key.replace('.', '_').upper()}", value)
    return path


def test_what_was_read_is_found_without_the_services(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["find", "i:", "lumen"]) == DONE
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert lines[0].split() == ["kind", "title", "where", "when"]
    assert lines[1].split()[0] == "client"
    assert "Lumen & Lark" in lines[1]
    assert "found" in told.err


def test_what_was_never_read_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCKDECK_HOME", str(tmp_path))
    assert main(["find", "b:", "boats"]) == REFUSED
    assert "Books not read yet: open it once" in capsys.readouterr().err


def test_as_an_array(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["find", "--json", "b:", "boats"]) == DONE
    found = json.loads(capsys.readouterr().out)
    assert found[0]["screen"] == "books"
    assert found[0]["kind"] == "table"
    assert found[0]["title"] == "Boats"
    assert set(found[0]) == {"screen", "kind", "key", "title", "where", "when"}


def test_words_of_two_letters_and_of_other_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["find", "レガ", "ré"]) == DONE
    assert "秋のレガッタ" in capsys.readouterr().out
    assert main(["find", "--json", '"', "AND"]) == REFUSED
    assert json.loads(capsys.readouterr().out) == []


def test_what_cannot_be_meant_and_what_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["find", "t:", "x"]) == USAGE
    assert "today or tocks or timers?" in capsys.readouterr().err
    assert main(["find", " "]) == USAGE
    assert main(["find", "nothing-is-called-so"]) == REFUSED
    told = capsys.readouterr()
    assert told.out == ""
    assert "nothing of what was read holds this" in told.err


def test_what_a_service_sent_commands_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["find", "sønner"]) == DONE
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "[bold red]" in out


def test_without_an_index_that_can_be_used_what_was_read_is_looked_through_which_is_said(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # However busy the machine is: all of it is put in anew.
    monkeypatch.setattr(find, "LOOK_SECONDS", MOST_SECONDS)
    index = home / "cache" / "search.db"
    for file in index.parent.glob("search.db*"):
        file.unlink()
    index.mkdir()
    try:
        assert main(["find", "lumen"]) == DONE
        told = capsys.readouterr()
        assert "Lumen & Lark" in told.out
        assert "The search index cannot be kept" in told.err
    finally:
        index.rmdir()


def test_no_screen_is_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, timeout=60, check=True
    )
    assert "Lumen & Lark" in done.stdout
    assert done.stderr.splitlines()[-1] == "[] 0"


@pytest.mark.parametrize(
    ("words", "found", "as_json"),
    [
        (["--", "-x"], ["-x"], False),
        (["a", "--json", "--", "-x", "--json"], ["a", "-x", "--json"], True),
        (["a", "--", "b"], ["a", "b"], False),
    ],
)
def test_what_stands_behind_two_strokes_is_no_option(
    words: list[str], found: list[str], as_json: bool
) -> None:
    options = options_of("find", "what was read", find.add_arguments, words)
    assert options.words == found
    assert {type(one) for one in options.words} == {str}
    assert options.json is as_json
