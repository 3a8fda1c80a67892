"""What is printed from the tables of the program: reference, keys, manual page, completion."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Shell
from tui.cli import DONE, USAGE, VERBS, stored_names
from tui.cli.completion import SHELLS
from tui.cli.keys import lists
from tui.cli.stored_names import INDEX
from tui.cli.verbs import STATUSES
from tui.commands import COMMANDS, shown_key
from tui.store.cache import Cache
from tui.store.index.file import open_file
from tui.widgets.grid import Grid
from tui.widgets.outline import Outline
from tui.widgets.rows import RowsWidget
from tui.workspace.cache_files import ANSWERS, SEARCH

THEMES = sorted(file.stem for file in (ROOT / "themes").glob("*.toml"))
PAGE = ROOT / "tui" / "REFERENCE.md"


# reference


def test_the_reference_page_is_current(shell: Shell) -> None:
    printed = shell.run("reference", "--markdown")
    assert printed.status == DONE
    assert PAGE.read_text(encoding="utf-8") == printed.out, (
        "write it anew: tockdeck reference --markdown > tui/REFERENCE.md"
    )


def test_the_reference_page_is_also_plain(shell: Shell) -> None:
    said = shell.run("reference").out
    assert said.startswith("OPERATIONS\n\nEvery operation")
    assert not re.search(r"[`*]|\]\(#|^#", said, re.MULTILINE)
    assert "    short_url (text, required) " in said


def test_the_contents_lead_to_the_chapters() -> None:
    text = PAGE.read_text(encoding="utf-8")
    anchors = re.findall(r"^- \[.*\]\(#(.*)\)(?:: \d+)?$", text, re.MULTILINE)
    titles = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert anchors == [title.lower().replace(" ", "-") for title in titles]
    assert len(anchors) == 11


def test_what_nothing_takes_back_is_listed_with_what_undo_says() -> None:
    from tui.store.changes import Change
    from tui.workspace.changes.kinds import kind_of

    text = PAGE.read_text(encoding="utf-8")
    chapter = text.partition("## What nothing")[2].partition("\n## ")[0]
    listed = dict(re.findall(r"^- `([^`]+)` (.+\.)$", chapter, re.M))
    for operation, why in listed.items():
        change = Change(
            id="1", sequence=1, time=datetime.now(UTC), owner="", operation=operation, title="x"
        )
        assert kind_of(operation).inverse(change) == why, "what undo would say"
        chapter = text.partition(f"### `{operation}`\n")[2].partition("\n### ")[0]
        assert f"Nothing takes it back: {why[:1].lower()}{why[1:]}" in chapter
    assert {"timesheets.ts.approve", "ticktocker.submit", "trackmypeople.add"} <= set(listed)
    # What is taken back, and what is no change of a record, is not among them.
    assert not {"timesheets.invoice.set_payed", "timetonic.sendMsg", "timesheets.login"} & set(
        listed
    )


def test_every_parameter_and_source_is_on_the_page(shell: Shell) -> None:
    from tui.services import registry

    text = PAGE.read_text(encoding="utf-8")
    for operation in registry.operations().values():
        after = text.partition(f"### `{operation.id}`\n")[2].partition("\n### ")[0]
        assert f"**{operation.effect}**" in after, operation.id
        assert "\nSource: " in after, operation.id
        assert re.findall(r"^- `(.*?)`", after, re.MULTILINE) == [
            parameter.documented_name for parameter in operation.parameters
        ], operation.id


# keys


def test_every_command_is_on_the_cheatsheet(shell: Shell) -> None:
    said = shell.run("keys")
    assert said.status == DONE
    for command in COMMANDS.values():
        keys = " ".join(map(shown_key, command.keys)) or "in the palette"
        assert f"  {keys:<17} {command.title}: {command.help}\n" in said.out, command.id


def test_a_persons_own_keys_are_on_the_cheatsheet(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\n"timers.start" = ["f5"]\n"timers.stop" = []\n')
    said = shell.run("keys", "timers", "--config", str(file)).out
    assert "  f5                Start: " in said
    assert "  in the palette    Stop: " in said
    assert "Books" not in said
    file.write_text('[keys]\n"timers.strat" = ["f5"]\n')
    assert shell.run("keys", "--config", str(file)).status == USAGE


def test_which_defaults_gave_way_is_printed(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("keys", "--clashes").out == (
        "No key gave way: yours and the others do not meet.\n"
    )
    file = tmp_path / "config.toml"
    file.write_text('[keys]\n"timers.start" = ["x"]\n"today.stop" = "?"\n')
    said = shell.run("keys", "--clashes", "--config", str(file))
    assert said.status == DONE
    assert said.out == (
        "?                 deck.help gave way to today.stop; it has f1 still\n"
        "x                 timers.stop gave way to timers.start; it has no key now, and is in "
        "the palette\n"
    )
    said = shell.run("keys", "timers", "--clashes", "--json", "--config", str(file))
    assert json.loads(said.out) == [
        {"command": "timers.stop", "key": "x", "to": "timers.start", "left": []}
    ]
    assert "  in the palette    Stop: " in shell.run("keys", "timers", "--config", str(file)).out
    # What the person did not set is not shown as set.
    shown = shell.run("config", "show", "--config", str(file)).out
    assert 'keys."timers.start" = ["x"]' in shown
    assert "timers.stop" not in shown
    assert shell.run("keys", "--json").status == USAGE
    assert shell.run("keys", "--clashes", "--markdown").status == USAGE


def test_the_ids_that_keys_changes_are_printed_and_a_set_is_on_the_cheatsheet(
    shell: Shell,
) -> None:
    said = shell.run("keys", "--ids", "--set", "keys.set=vim")
    assert said.status == DONE
    lines = dict(line.split(maxsplit=1) for line in said.out.splitlines() if len(line.split()) > 1)
    assert lines["list.first"] == "home gg"
    assert lines["deck.timers"] == "g5"
    assert lines["form.save"] == "f2 ^o"
    assert shell.run("keys", "list", "--ids").status == USAGE
    assert (
        "  g5                Timers: Go to Timers.\n"
        in shell.run("keys", "--set", "keys.set=vim").out
    )
    assert "  down j ctrl+n" not in shell.run("keys").out
    assert "  ↓ j ^n            down\n" in shell.run("keys", "--set", "keys.set=emacs").out
    assert shell.run("keys", "--ids", "--clashes").status == USAGE
    shown = shell.run("config", "show", "--set", "keys.set=azerty").out
    assert 'keys.set = "azerty"\n' in shown


def test_the_cheatsheet_in_markdown_is_tables(shell: Shell) -> None:
    said = shell.run("keys", "timers", "--markdown").out
    assert said.startswith("## Timers\n\n| key | what it does |\n|---|---|\n| `s` | Start: ")


def test_what_lists_do_is_what_their_bindings_do() -> None:
    written = {key for keys, _ in lists({}) for key in keys.split()}
    bound = {
        shown_key(key)
        for kind in (RowsWidget, Outline, Grid)
        for binding in kind.__dict__["BINDINGS"]
        for key in binding.key.split(",")
    }
    assert bound - written == set()
    assert written - bound == {"tab", "⇤"} - bound


# man


def test_the_manual_page_has_every_verb_option_and_key(shell: Shell) -> None:
    shell.set({"SOURCE_DATE_EPOCH": "1764374400"})
    assert shell.run("man").out.startswith('.TH TOCKDECK 1 "2025-11-29" "tockdeck ')
    said = shell.run("man").out
    # As style wants it: paragraphs in short lines. A key or an option is whole in its own.
    lines = [line for line in said.splitlines() if not line.startswith("\\fB")]
    assert max(map(len, lines)) <= 80
    flat = said.replace("\n\\&", "\n").replace("\n", " ")
    for verb, what in VERBS.items():
        assert f".SS tockdeck {verb}\n" in said
        assert what[1:].split("-")[0] in flat
        for option in re.findall(r"--[a-z][a-z-]+", shell.run(verb, "--help").out):
            if option != "--help":
                assert option.replace("-", "\\-") in said, option
    for command in COMMANDS.values():
        assert command.help.replace("-", "\\-") in flat, command.id
    assert "\\fB130\\fR\ninterrupted" in said


@pytest.mark.parametrize("seconds", ["soon", "9" * 30])
def test_a_day_that_is_none_is_refused(shell: Shell, seconds: str) -> None:
    shell.set({"SOURCE_DATE_EPOCH": seconds})
    said = shell.run("man")
    assert said.status == USAGE
    assert said.err == (
        f"tockdeck: SOURCE_DATE_EPOCH should be seconds since 1970, but is '{seconds}'\n"
    )


def test_no_line_of_the_manual_page_is_a_request_by_accident(shell: Shell) -> None:
    for line in shell.run("man").out.splitlines():
        if line.startswith((".", "'")):
            assert re.match(r"\.(TH|SH|SS|TP|B|ad)( |$)", line), line
        assert "%(" not in line


# exit statuses


def test_readme_manual_page_and_reference_have_the_same_exit_statuses(shell: Shell) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    manual, reference = shell.run("man").out, shell.run("reference").out
    assert set(STATUSES) == {0, 1, 2, 3, 4, 5, 130}
    for status, words in STATUSES.items():
        assert f"| {status} | {words} |" in readme
        # Of the page's own lines only the breaks differ.
        assert f"\\fB{status}\\fR {words}" in manual.replace("\n", " ")
        assert f"    {status} {words}\n" in reference
    assert len(re.findall(r"^\| \d+ \|", readme, re.MULTILINE)) == len(STATUSES)


# completion


@pytest.mark.parametrize("shell_name", SHELLS)
def test_completion_knows_every_verb_and_option(shell: Shell, shell_name: str) -> None:
    said = shell.run("completion", shell_name).out
    for verb in VERBS:
        assert re.search(rf"\b{verb}\b", said)
    assert "timesheets.ts.break_start" in said
    assert "read-only" in said
    assert "deck.theme=ember" in said
    assert "invoice_id= payed_date=" in said
    assert said.startswith("#compdef tockdeck\n") == (shell_name == "zsh")
    assert shell.run("completion", "tcsh").status == USAGE
    told = shell.run("completion", "--help").out
    assert "source <(tockdeck completion bash)" in told
    assert "tockdeck completion fish | source" in told
    assert "$fpath" in told


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["sta"], ["start", "status"]),
        (["hours", "e"], ["enter", "export"]),
        (["config", ""], ["path", "show", "check", "example", "--origin", "--config", "--set",
         "--help"]),
        (["config", "p"], ["path"]),
        (["config", "show", "--set", "deck.them"], [f"deck.theme={one}" for one in THEMES]),
        # The equals sign is a word of its own in bash, which wants what is behind it.
        (["config", "show", "--set", "deck.theme", "=", "em"], ["ember"]),
        (["config", "show", "--set", "deck.read_only", "="], ["true", "false"]),
        (["config", "show", "--set", "timetonic.us"], ["timetonic.user="]),
        (["call", "timesheets.invoice.set_payed", "inv"], ["invoice_id="]),
        (["call", "timesheets.invoice.set_payed", "invoice_id", "=", "3", "--dry-run", "pay"],
         ["payed_date="]),
        (["call", "--dry-run", "ticktocker.me", "order", "=", ""],
         ["upcoming", "latest", "expired"]),
        (["call", "timesheets.inv", "--dry"], ["--dry-run"]),
        (["open", "--screen", "t"], ["today", "tocks", "timers"]),
        (["call", "trackmypeople.st"], ["trackmypeople.status", "trackmypeople.start",
         "trackmypeople.stop"]),
        (["call", "timetonic.socket"], []),
        (["ops", "timetonic.socket.ping"], ["timetonic.socket.ping"]),
        (["call", "--dry"], ["--dry-run"]),
        (["nothing", "x"], []),
        (["open", "--theme", "em"], ["ember"]),
        (["live", "--type", "SO"], ["SOG"]),
        (["start", "--con"], ["--config"]),
        # Without a verb the deck opens, and what reads the configuration may stand before one.
        (["--them"], ["--theme"]),
        (["invoices", "c"], ["credit"]),
        (["invoices", "draft", "c"], []),  # a word that does something is the first
        (["invoices", "--yes", "recurring", "d"], ["draft"]),
        (["invoices", "recurring", "draft", "d"], []),
        (["hours", "import", "e"], []),
        (["completion", "f"], ["fish"]),
        (["completion", "names", "t"], ["tables", "trackers"]),
        (["--theme", "em"], ["ember"]),
        (["--set", "deck.gly"], [f"deck.glyphs={one}" for one in ("auto", "unicode", "ascii")]),
        (["--set", "deck.theme", "=", "ember", "--config", "x", "call", "timesheets.ra"],
         [f"timesheets.rate.{one}" for one in ("create", "delete", "info", "search", "update")]),
    ],
)  # fmt: skip
def test_bash_offers_what_fits(shell: Shell, words: list[str], offered: list[str]) -> None:
    script = shell.run("completion", "bash").out
    line = " ".join(f"'{word}'" for word in ["tockdeck", *words])
    done = subprocess.run(
        ["bash", "-c", f"{script}\nCOMP_WORDS=({line})\nCOMP_CWORD={len(words)}\n"
         '_tockdeck\nprintf "%s\\n" "${COMPREPLY[@]}"'],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    assert sorted(done.stdout.split()) == sorted(offered)


def test_the_rows_of_ops_are_counted_on_the_page(shell: Shell) -> None:
    listed = shell.run("ops").out.splitlines()
    text = PAGE.read_text(encoding="utf-8")
    counts = [int(n) for n in re.findall(r"^- \[.*\): (\d+)$", text, re.MULTILINE)]
    assert sum(counts) == len(listed) == len(re.findall(r"^### ", text, re.MULTILINE))
    rows = csv.DictReader(
        (ROOT / "tests" / "data" / "operations.tsv").read_text().splitlines(), delimiter="\t"
    )
    # igtimi.data.latest is in the older document only.
    assert len(listed) == len(list(rows)) + 1


TABLES = ["Seabright Fleet ⛵/Boats", "Seabright Fleet ⛵/Fleet's $(x) `y`", "Own/Crew"]


OVERVIEW = {
    "trackers": [
        {"id": 1, "name": "Fairlead Works", "depth": 0},
        {"id": 2, "name": "Mooring", "depth": 1},
        {"id": 3, "name": "Travel", "depth": 1},
        {"id": 4, "name": "Harbour Trust", "depth": 0},
        {"id": 5, "name": "travel", "depth": 1},
        {"id": 6, "name": "two\nlines", "depth": 0},
    ]
}
CLIENTS = {
    "clients": [{"id": 1, "name": "Fairlead Works"}],
    "projects": {"9": {"id": 9, "name": "Booking form"}, "7": {"id": 7, "name": "Été"}},
}


def test_what_was_read_is_told_without_a_service(shell: Shell) -> None:
    assert shell.run("completion", "names").out == "", "nothing was read yet"
    file = shell.home / "cache" / SEARCH
    assert file.name == INDEX
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = open_file(file, lambda _text: None)
    rows = [*(one.split("/") for one in TABLES), ["Odd", "two\nlines"], ["Odd", "\x1b[31m"]]
    with connection:
        connection.executemany(
            "INSERT INTO docs (owner, place, kind, key, title, place_text, text, digest)"
            " VALUES (1, 1, 'table', ?, ?, ?, '', x'')",
            [(str(place), table, book) for place, (book, table) in enumerate(rows)],
        )
        connection.execute(
            "INSERT INTO docs (owner, place, kind, key, title, place_text, text, digest)"
            " VALUES (1, 1, 'book', 'b', 'Own', '', '', x'')"
        )
    connection.close()
    said = shell.run("completion", "names")
    assert (said.status, said.err) == (DONE, "")
    assert sorted(said.out.splitlines()) == sorted(TABLES)
    assert shell.run("completion", "names", "tables").out == said.out
    assert shell.run("completion", "names", "boats").status == USAGE
    assert shell.run("completion", "bash", "tables").status == USAGE
    file.write_bytes(b"no database at all, and longer than a header of one would be" * 4)
    assert (shell.run("completion", "names").out, file.exists()) == ("", True)


def test_trackers_clients_and_projects_that_were_read_are_told(shell: Shell) -> None:
    assert shell.run("completion", "names", "trackers").out == "", "nothing was read yet"
    file = shell.home / "cache" / ANSWERS
    assert file.name == stored_names.ANSWERS
    with closing(Cache(file)) as answers:
        for key, value in (
            ("trackmypeople@there:me/overview", {"trackers": []}),
            ("trackmypeople@here:me/overview", OVERVIEW),
            ("timesheets@here:me/clients", CLIENTS),
            ("timetonic@here:me/clients", {"clients": [{"name": "of another service"}]}),
        ):
            answers.put(key, json.dumps({"value": value}).encode())
    # One of several of a name is told with what it is under, as `start` takes it.
    assert shell.run("completion", "names", "trackers").out.splitlines() == [
        "Fairlead Works", "Mooring", "Fairlead Works › Travel", "Harbour Trust",
        "Harbour Trust › travel",
    ]  # fmt: skip
    assert shell.run("completion", "names", "clients").out == "Fairlead Works\n"
    assert shell.run("completion", "names", "projects").out == "Booking form\nÉté\n"


def test_the_trackers_of_a_shell_that_never_opened_the_deck_are_told(connected: Shell) -> None:
    connected.run("add", "--dry-run", "9-10 Booking form")
    told = connected.run("completion", "names", "trackers").out.splitlines()
    assert "Fairlead Works" in told
    assert len(told) > 5


def test_what_a_shell_asks_for_at_a_key_imports_nothing_large(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tui", "completion", "names", "trackers"],
        env={**os.environ, "TOCKDECK_HOME": str(tmp_path)}, cwd=ROOT,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "sqlite3" in imported
    assert imported.isdisjoint({"argparse", "httpx", "msgspec", "textual", "tomllib", "asyncio"})


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("Own", ["Own/Crew"]),
        ("Sea", [TABLES[0], TABLES[1]]),
        ("Seabright\\ Fleet\\ ⛵/F", [TABLES[1]]),
        ('"Seabright Fleet ⛵/B', [TABLES[0]]),
        ('"Seabright Fleet ⛵/F', []),  # a shell would carry out what is in it
        ("--to", ["--to"]),
        ("", TABLES),  # no option stands among them
        ('"', [TABLES[0], TABLES[2]]),
        ("zz", []),
    ],
)
def test_bash_offers_tables_as_one_word_each(
    shell: Shell, tmp_path: Path, typed: str, offered: list[str]
) -> None:
    script = shell.run("completion", "bash").out
    stand_in = tmp_path / "tockdeck"
    stand_in.write_text("#!/bin/sh\ncat <<'END'\n" + "\n".join(TABLES) + "\nEND\n")
    stand_in.chmod(0o700)
    # What is offered is taken by the shell as it would be from the line: one word, as it is.
    takes = (
        'for one in "${COMPREPLY[@]}"; do [[ $TYPED == \'"\'* ]] || eval "one=$one";'
        " printf '%s\\n' \"$one\"; done"
    )
    done = subprocess.run(
        ["bash", "-c", f'{script}\nCOMP_WORDS=(tockdeck table "$TYPED")\nCOMP_CWORD=2\n'
         f"_tockdeck\n{takes}"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "TYPED": typed, "LC_ALL": "C.UTF-8"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    assert sorted(done.stdout.splitlines()) == sorted(offered)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["start", "a"], "trackers"),
        (["start", "Fairlead", "a"], "trackers"),
        (["switch", "-d", "a"], ""),
        (["switch", "-d", "x", "a"], "trackers"),
        (["add", "--dry-run", "a"], "trackers"),
        (["add", "9-10", "a"], "trackers"),
        (["invoices", "draft", "a"], "clients"),
        (["invoices", "draft", "a", "--project", "a"], "projects"),
        (["invoices", "draft", "--due", "a"], ""),
        (["hours", "report", "--tracker", "a"], "trackers"),
        (["hours", "report", "a"], ""),
        (["files", "list", "a"], "tables"),
        (["table", "--no-ids", "a"], "tables"),
        (["table", "--where", "a"], ""),
        (["stop", "a"], ""),
    ],
)
def test_bash_asks_for_the_names_that_are_meant(
    shell: Shell, tmp_path: Path, words: list[str], kind: str
) -> None:
    script = shell.run("completion", "bash").out
    stand_in = tmp_path / "tockdeck"
    stand_in.write_text('#!/bin/sh\necho "a $3"\n')
    stand_in.chmod(0o700)
    line = " ".join(f"'{word}'" for word in ["tockdeck", *words])
    done = subprocess.run(
        ["bash", "-c", f"{script}\nCOMP_WORDS=({line})\nCOMP_CWORD={len(words)}\n"
         '_tockdeck\nprintf "%s\\n" "${COMPREPLY[@]}"'],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    found = [one for one in done.stdout.splitlines() if one.startswith("a\\ ")]
    assert found == ([f"a\\ {kind}"] if kind else [])


def test_no_help_of_a_verb_is_wider_than_a_terminal_of_80(shell: Shell) -> None:
    """argparse writes choices as one word: `help` had one of 260 letters."""
    wide = {
        verb: line
        for verb in VERBS
        for line in shell.run("help", verb).out.splitlines()
        if len(line) > 80
    }
    assert wide == {}
    said = " ".join(shell.run("help", "hours").out.split())
    assert "[--as FORM]" in said
    assert "export always (tockdeck, timewarrior," in said
