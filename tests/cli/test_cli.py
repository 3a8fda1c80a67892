"""The verbs that need no terminal: what they print where, and with which status they end."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.harness import EmbeddedServer
from tui import __version__
from tui.cli import AUTHENTICATION, DONE, REFUSED, UNREACHABLE, USAGE, VERBS, verb_first
from tui.services.transport import Transport
from tui.services.wire import Request, Response


def test_the_version_is_told_without_loading_anything(shell: Shell) -> None:
    assert shell.run("--version").out == f"tockdeck {__version__}\n"
    assert shell.process("--version").out == f"tockdeck {__version__}\n"


def test_the_overview_names_every_verb(shell: Shell) -> None:
    said = shell.run("--help")
    assert said.status == DONE
    for verb, what in VERBS.items():
        assert f"{verb} " in said.out
        assert what in said.out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(shell: Shell, verb: str) -> None:
    said = shell.run(verb, "--help")
    assert said.status == DONE
    assert said.out.startswith(f"usage: tockdeck {verb} ")
    assert not said.err


def test_what_reads_the_configuration_may_stand_before_the_verb(shell: Shell) -> None:
    said = shell.run("--set", "deck.theme=ember", "--set=deck.edge=line", "config", "show")
    assert said.status == DONE, said.err
    assert "theme = ember" in said.out.replace('"', "")
    assert shell.run("--set", "deck.edge=line", "confg").err.endswith("did you mean config?\n")
    for words, verb in ((("--json", "status"), "status"), (("--theme", "x", "find", "y"), "find")):
        said = shell.run(*words)
        assert said.status == USAGE
        assert said.err.endswith(
            f"tockdeck: a verb stands before its options: tockdeck {verb} ...\n"
        )
    assert "stands before" not in shell.run("--plian").err
    assert verb_first(["--set", "keys"]) == ["--set", "keys"]
    assert verb_first(["--config=x", "--read-only"]) == ["--config=x", "--read-only"]
    assert verb_first(["--config", "x", "find", "--", "-y"]) == [
        "find", "--config", "x", "--", "-y",
    ]  # fmt: skip


def test_what_is_no_verb_names_the_nearest(shell: Shell) -> None:
    said = shell.run("confg", "show")
    assert said.status == USAGE
    assert said.err == "tockdeck: 'confg' is not a verb; did you mean config?\n"
    assert "see tockdeck --help" in shell.run("xyzzy").err
    assert not said.out


def test_the_deck_without_a_terminal_says_what_to_do(shell: Shell) -> None:
    said = shell.process("--screen", "timers")
    assert said.status == USAGE
    assert "needs a terminal" in said.err
    assert not said.out


# config


def test_the_configuration_is_found_where_the_environment_says(
    shell: Shell, tmp_path: Path
) -> None:
    assert shell.run("config", "path").out == f"{tmp_path / 'config' / 'config.toml'}\n"
    shell.set({"TOCKDECK_CONFIG": "/elsewhere/deck.toml"})
    assert shell.run("config", "path").out == "/elsewhere/deck.toml\n"
    assert shell.run("config", "path", "--config", "/here.toml").out == "/here.toml\n"


def test_the_example_is_a_configuration_that_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    before = shell.run("config", "show")
    example = shell.run("config", "example")
    file = tmp_path / "example.toml"
    file.write_text(example.out)
    assert "[deck]" in example.out
    tomllib.loads(example.out)
    assert shell.run("config", "show", "--config", str(file)).out == before.out
    assert shell.run("config", "check", "--config", str(file)).status == DONE


def test_a_theme_that_is_not_there_is_not_called_sound(shell: Shell) -> None:
    said = shell.run("config", "check", "--set", "deck.theme=nope")
    assert (said.status, said.out) == (USAGE, "")
    assert "command line: deck.theme: there is no theme 'nope'; there are contrast-dark" in said.err
    folder = shell.home / "config" / "themes"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('name = "nope"\n')
    assert shell.run("config", "check", "--set", "deck.theme=nope").status == DONE


def test_each_value_says_where_it_came_from(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "config" / "config.toml"
    file.parent.mkdir()
    file.write_text('[deck]\ntheme = "ember"\ncurrency = "€"\n')
    shell.set({"TOCKDECK_DECK_CURRENCY": "$"})
    lines = shell.run("config", "show", "--origin", "--set", "deck.graphs=ascii").out.splitlines()
    assert f'deck.theme = "ember"  # {file}' in lines
    assert 'deck.currency = "$"  # environment TOCKDECK_DECK_CURRENCY' in lines
    assert 'deck.graphs = "ascii"  # command line' in lines
    assert "deck.mouse = true  # default" in lines


def test_secrets_are_not_shown(shell: Shell) -> None:
    shell.set({"TOCKDECK_TIMETONIC_PASSWORD": "rosebud"})
    said = shell.run("config", "show", "--origin")
    assert "rosebud" not in said.out + said.err
    assert 'timetonic.password = "•••"' in said.out


def test_a_mistake_in_the_configuration_is_named(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    for content, words in (
        ('[deck]\nthme = "ember"\n', "did you mean deck.theme"),
        ('[deck]\ntime_zone = "Mars/Olympus"\n', "Mars/Olympus"),
        ("[deck\n", "config.toml"),
    ):
        file.write_text(content)
        for words_given in (("check",), ("show",)):
            said = shell.run("config", *words_given, "--config", str(file))
            assert said.status == USAGE
            assert words in said.err
            assert not said.out
    assert shell.run("config", "check", "--config", str(tmp_path / "none.toml")).status == USAGE
    assert shell.run("config", "check", "--set", "deck.theme").status == USAGE


def test_a_sound_configuration_is_called_so(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("config", "check").out == "sound (no file, defaults only)\n"
    file = tmp_path / "config.toml"
    file.write_text('[deck]\ntheme = "ember"\n')
    assert shell.run("config", "check", "--config", str(file)).out == f"{file}: sound\n"


# ops


def test_operations_are_found_by_words(shell: Shell) -> None:
    lines = shell.run("ops", "igtimi", "sessions", "list").out.splitlines()
    assert [line.split()[:2] for line in lines] == [["igtimi.sessions.list", "read"]]
    assert shell.run("ops", "xyzzy").status == REFUSED
    assert "session_id: int, required" in shell.run("ops", "sessions.get", "--long").out


def test_the_list_of_operations_for_programs(shell: Shell) -> None:
    said = shell.run("ops", "--json", "timesheets.user.delete")
    (operation,) = json.loads(said.out)
    assert operation["effect"] == "destructive"
    assert [one["name"] for one in operation["parameters"]] == ["user_id"]


# call


def test_an_answer_is_json_on_standard_output_and_nothing_else(connected: Shell) -> None:
    said = connected.run("call", "igtimi.devices.list")
    assert said.status == DONE
    assert not said.err
    devices = json.loads(said.out)
    assert {"GA-EN-AAAA", "GA-EN-AAAB"} <= {one["serial_number"] for one in devices}
    assert "extra" not in devices[0], "what the client understood wholly has nothing extra"


def test_rows_come_as_a_table_csv_or_lines(connected: Shell) -> None:
    table = connected.run("call", "--table", "igtimi.devices.list")
    assert table.out.split()[:2] == ["id", "name"]
    count = int(table.err.split()[0])
    assert count == len(table.out.splitlines()) - 1
    lines = connected.run("call", "igtimi.devices.list", "--jsonl").out.splitlines()
    rows = list(
        csv.DictReader(io.StringIO(connected.run("call", "igtimi.devices.list", "--csv").out))
    )
    assert [json.loads(line)["serial_number"] for line in lines] == [
        row["serial_number"] for row in rows
    ]
    assert len(rows) == count


def test_the_answers_own_bytes(connected: Shell) -> None:
    said = connected.run("call", "trackmypeople.trackers", "--raw")
    assert said.status == DONE
    assert json.loads(said.out)


def test_options_may_stand_between_the_arguments(connected: Shell) -> None:
    wanted = None
    for words in (
        ("--dry-run", "igtimi.sessions.get", "session_id=4"),
        ("igtimi.sessions.get", "--dry-run", "session_id=4"),
        ("igtimi.sessions.get", "session_id=4", "--dry-run"),
    ):
        said = connected.run("call", *words)
        assert said.status == DONE, said.err
        request = json.loads(said.out)
        assert request["url"].endswith("/igtimi/api/v1/sessions/4")
        assert wanted in (None, request)
        wanted = request


def test_a_dry_run_sends_nothing_and_shows_no_secret(
    connected: Shell, server: EmbeddedServer
) -> None:
    def running() -> tuple[object, ...]:
        """What runs; how long it does grows meanwhile."""
        state = json.loads(connected.run("call", "trackmypeople.status").out)
        block = state["last_block"]
        return state["result"], block["started_at"], block["tracker"]

    before = running()
    said = connected.run("call", "trackmypeople.start", "tracker_id=1", "--dry-run")
    assert said.status == DONE
    held = server.credentials
    assert held.trackmypeople_password not in said.out
    assert json.loads(said.out)["method"] == "POST"
    assert running() == before


def test_arguments_come_as_an_object_too(connected: Shell, tmp_path: Path) -> None:
    file = tmp_path / "arguments.json"
    file.write_text('{"ids": [1, 2]}')
    said = connected.run("call", "igtimi.sessions.list", "--json", f"@{file}", "--dry-run")
    assert json.loads(said.out)["url"].endswith("?ids%5B%5D=1&ids%5B%5D=2")
    for text in ("{", f"@{tmp_path / 'none.json'}", "[1]"):
        said = connected.run("call", "igtimi.sessions.list", "--json", text)
        assert said.status == USAGE
        assert not said.out


def test_what_cannot_be_called_is_named(connected: Shell) -> None:
    unknown = connected.run("call", "igtimi.sessions.lst")
    assert unknown.status == USAGE
    assert "igtimi.sessions.list" in unknown.err
    lacking = connected.run("call", "igtimi.sessions.get")
    assert lacking.status == USAGE
    assert lacking.err == "tockdeck: igtimi.sessions.get needs session_id\n"
    assert connected.run("call", "igtimi.sessions.get", "session=4").status == USAGE
    assert connected.run("call", "igtimi.sessions.get", "session_id=four").status == USAGE
    assert connected.run("call").status == USAGE
    # Without an id the service would delete the account that calls.
    alone = connected.run("call", "timesheets.user.delete", "--yes")
    assert alone.status == USAGE
    assert "user_id" in alone.err


def test_nothing_is_destroyed_without_a_yes(connected: Shell) -> None:
    made = json.loads(connected.run("call", "igtimi.sessions.create").out)
    wanted = f"session_id={made['id']}"
    refused = connected.process("call", "igtimi.sessions.delete", wanted)
    assert refused.status == USAGE
    assert "--yes" in refused.err
    assert connected.run("call", "igtimi.sessions.get", wanted).status == DONE
    assert connected.run("call", "igtimi.sessions.delete", wanted, "--yes").status == DONE
    assert connected.run("call", "igtimi.sessions.get", wanted).status == REFUSED


def test_a_refusal_is_one_line_or_one_object(connected: Shell) -> None:
    said = connected.run("call", "igtimi.sessions.get", "session_id=99999")
    assert said.status == REFUSED
    assert not said.out
    assert said.err.startswith("tockdeck: Igtimi: ")
    assert said.err.count("\n") == 1
    as_json = connected.run("call", "igtimi.sessions.get", "session_id=99999", "--json-errors")
    assert as_json.status == REFUSED
    content = json.loads(as_json.err)
    assert content["service"] == "igtimi"
    assert content["operation"] == "igtimi.sessions.get"
    assert content["kind"]


def test_the_status_tells_why(connected: Shell) -> None:
    connected.set({"TOCKDECK_IGTIMI_ACCESS_TOKEN": "wrong"})
    wrong = connected.run("call", "igtimi.devices.list")
    assert wrong.status == AUTHENTICATION
    connected.set({"TOCKDECK_TRACKMYPEOPLE_BASE_URL": "http://127.0.0.1:9/api"})
    away = connected.run("call", "trackmypeople.status", "--json-errors")
    assert away.status == UNREACHABLE
    assert json.loads(away.err)["service"] == "trackmypeople"


def test_a_service_that_is_not_set_up_is_a_matter_of_configuration(shell: Shell) -> None:
    shell.set({"TOCKDECK_EMBEDDED_USE": "never"})
    said = shell.run("call", "igtimi.devices.list")
    assert said.status == USAGE
    assert "not set up" in said.err


# embedded, status


def test_the_embedded_services_explain_themselves(shell: Shell) -> None:
    said = shell.run("embedded", "--help")
    for flag in ("--boats", "--hz", "--replay", "--reset-sample", "--clear-sample"):
        assert flag in said.out
    assert shell.run("embedded", "--boats", "many").status == USAGE


def test_the_status_line_before_anything_is_known(shell: Shell) -> None:
    said = shell.run("status")
    assert said.status == REFUSED
    assert not said.out
    assert shell.run("status", "--format", "{nonsense}").status == USAGE


def test_a_smart_table_is_printed_as_a_person_reads_it(connected: Shell) -> None:
    books = json.loads(connected.run("call", "timetonic.getAllBooks").out)["books"]
    book = next(one for one in books if one["b_c"] == "seabright-fleet")
    where = [f"b_c={book['b_c']}", f"b_o={book['b_o']}"]
    tables = json.loads(connected.run("call", "timetonic.getBookTables", *where).out)["categories"]
    for table in tables[:4]:
        words = ["call", "timetonic.getTableValues", f"cat_id={table['id']}"]
        written = connected.run(*words, "--csv")
        assert written.status == DONE, written.err
        rows = list(csv.DictReader(io.StringIO(written.out)))
        fields = json.loads(connected.run(*words).out)["table"]["fields"]
        shown = {one["name"] for one in fields if one["type"] not in ("comments", "activity")}
        assert rows
        assert set(rows[0]) == {"id", *shown}
        assert not any(cell.startswith(("{", "[{")) for row in rows for cell in row.values())
        lines = [json.loads(line) for line in connected.run(*words, "--jsonl").out.splitlines()]
        assert [str(line["id"]) for line in lines] == [row["id"] for row in rows]
        assert all(isinstance(line["cells"], dict) for line in lines)
        head = connected.run(*words, "--table").out.splitlines()[0]
        assert head.split()[0] == "id"
        assert "cells" not in head.split()


def test_what_of_an_answer_could_not_be_read_is_said_beside_it(
    connected: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = Transport.send

    async def odd(self: Transport, request: Request) -> Response:
        answer = await send(self, request)
        content = json.loads(answer.content)
        content["devices"].insert(1, {"device": {"id": "\x1b[31m"}})
        changed = json.dumps(content).encode()
        return Response(answer.status, answer.headers, changed, answer.url)

    whole = json.loads(connected.run("call", "igtimi.devices.list").out)
    monkeypatch.setattr(Transport, "send", odd)
    for form in ((), ("--table",), ("--csv",), ("--jsonl",)):
        said = connected.run("call", "igtimi.devices.list", *form)
        assert said.status == DONE
        line = f"1 of {len(whole) + 1} devices could not be read: devices[1].device.id"
        assert line in said.err
        if not form:
            assert json.loads(said.out) == whole
    # Bytes lack nothing.
    assert connected.run("call", "igtimi.devices.list", "--raw").err == ""


@pytest.mark.parametrize(
    ("key", "address", "right"),
    [
        ("timesheets.base_url", '"http://times.example.org/t"', "https://times.example.org/t"),
        ("timetonic.base_url", '"http://timetonic.com/live/api.php"', "https://timetonic.com"),
        ("timetonic.socket_url", '"ws://timetonic.com:10100"', "wss://timetonic.com:10100"),
        ("igtimi.websocket_servers", '["ws://live.igtimi.com"]', "wss://live.igtimi.com"),
    ],
)
def test_an_address_that_will_be_refused_is_not_called_sound(
    shell: Shell, tmp_path: Path, key: str, address: str, right: str
) -> None:
    section, _, name = key.partition(".")
    file = tmp_path / "config.toml"
    file.write_text(f"[{section}]\n{name} = {address}\n")
    said = shell.run("config", "check", "--config", str(file))
    assert said.status == USAGE
    assert f"{file}: {key} is not encrypted and will be refused: write {right}, or" in said.err
    assert "sound" not in said.out + said.err
    file.write_text(f"[{section}]\n{name} = {address}\n[network]\nallow_plain_http = true\n")
    assert shell.run("config", "check", "--config", str(file)).out == f"{file}: sound\n"
    here = address.replace(right.split("/")[2].partition(":")[0], "127.0.0.1")
    file.write_text(f"[{section}]\n{name} = {here}\n")
    assert shell.run("config", "check", "--config", str(file)).out == f"{file}: sound\n"


@pytest.mark.parametrize(("keys", "named"), [('"deck.connect" = "f9"', "f9"), ("", "C")])
def test_a_verb_names_the_key_that_the_deck_has(shell: Shell, keys: str, named: str) -> None:
    file = shell.home / "config" / "config.toml"
    file.parent.mkdir()
    file.write_text(f'[timesheets]\nbase_url = "http://127.0.0.1:9/"\n[keys]\n{keys}\n')
    said = shell.run("start", "x")
    assert said.err.endswith(f" {named} in the deck connects it.\n")
    # Of the next one, in the same process, too.
    file.write_text(file.read_text().replace("f9", "f8"))
    assert f" {named.replace('9', '8')} in the deck" in shell.run("start", "x").err
