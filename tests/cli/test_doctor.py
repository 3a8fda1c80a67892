"""What the doctor finds, what it says mends it, and what the exit status says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from socket import create_server

import pytest

from tests.cli.conftest import Shell
from tests.ports import kept_port, number_of
from tests.terminal import printed
from tui.cli import DONE, REFUSED, USAGE
from tui.config.settings import Deck
from tui.workspace.doctor.finding import Finding
from tui.workspace.doctor.terminal import Seat, look_at_terminal, totals

GOOD = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
OPTIONS = {
    "escape-time": "10", "default-terminal": "tmux-256color", "set-clipboard": "external",
    "focus-events": "on",
}  # fmt: skip


def found(
    environment: Mapping[str, str],
    *,
    size: tuple[int, int] | None = (120, 40),
    options: Mapping[str, str] = OPTIONS,
    programs: Sequence[str] = (),
    **settings: object,
) -> dict[str, Finding]:
    """What of a terminal is not well."""

    def asked(command: Sequence[str]) -> str | None:
        return "tmux 3.3a" if "-V" in command else options.get(command[-1])

    seat = Seat(environment, size, asked, programs.__contains__)
    looked = look_at_terminal(seat, Deck(**settings))
    return {one.about: one for one in looked if one.verdict != "ok"}


def test_a_good_terminal_has_nothing_wrong() -> None:
    assert found(GOOD) == {}
    assert found({**GOOD, "TMUX": "socket"}) == {}
    assert found({**GOOD, "STY": "1.a", "TERM": "screen.xterm-256color"}) == {}
    assert found({**GOOD, "DISPLAY": ":0"}, programs=["xsel"]) == {}


@pytest.mark.parametrize(
    ("environment", "more", "about", "verdict", "mend"),
    [
        ({"TERM": "dumb"}, {}, "terminal", "fault", "live --plain"),
        ({"TERM": ""}, {}, "terminal", "unknown", "export TERM="),
        ({}, {"size": None}, "terminal", "unknown", "run this in the terminal"),
        ({}, {"size": (79, 40)}, "terminal", "warning", "80 by 24"),
        ({"TERM": "linux", "LANG": "C"}, {}, "locale", "warning", "LC_ALL=C.UTF-8"),
        ({"STY": "1.a"}, {"colours": "truecolor"}, "colours", "fault", "set deck.colours to auto"),
        ({"STY": "1.a", "TERM": "screen"}, {}, "screen", "warning", "~/.screenrc: term screen-256"),
        ({"DISPLAY": ":0"}, {}, "clipboard", "warning", "xclip or xsel"),
    ],
)
def test_what_is_wrong_has_the_line_that_mends_it(
    environment: dict[str, str], more: dict[str, object], about: str, verdict: str, mend: str
) -> None:
    one = found({**GOOD, **environment}, **more)[about]  # type: ignore[arg-type]
    assert one.verdict == verdict
    assert mend in one.mend


def test_what_of_tmux_hurts_is_told_with_the_line_of_its_configuration() -> None:
    hurts = {
        "escape-time": "500", "default-terminal": "screen", "set-clipboard": "off",
        "focus-events": "off",
    }  # fmt: skip
    wrong = found({**GOOD, "TMUX": "socket"}, options=hurts)
    assert {name: one.mend for name, one in wrong.items()} == {
        "tmux escape-time": "in ~/.tmux.conf: set -s escape-time 10",
        "tmux default-terminal": "in ~/.tmux.conf: set -s default-terminal tmux-256color",
        "tmux set-clipboard": "in ~/.tmux.conf: set -s set-clipboard external",
        "tmux focus-events": "in ~/.tmux.conf: set -s focus-events on",
    }
    assert {one.verdict for one in wrong.values()} == {"warning"}
    unseen = found({**GOOD, "TMUX": "socket"}, options={})
    assert {one.verdict for one in unseen.values()} == {"unknown"}


def test_which_way_pictures_take_is_said() -> None:
    for environment, setting, said in (
        (
            {},
            "auto",
            "the first that is opened asks the terminal for kitty's protocol, then sixels",
        ),
        ({"TMUX": "socket"}, "auto", "asks the terminal for sixels; else half blocks"),
        ({"STY": "1.a"}, "sixel", "in half blocks: GNU screen shows no others"),
        ({"TERM": "linux"}, "auto", "in half blocks: the Linux console shows no others"),
        ({}, "blocks", "in half blocks: as deck.pictures says"),
        ({}, "off", "not shown, as deck.pictures says"),
        ({}, "sixel", "as sixels, as deck.pictures says, where the terminal tells how large"),
    ):
        seat = Seat({**GOOD, **environment}, (120, 40), lambda _: None, lambda _: False)
        looked = {one.about: one for one in look_at_terminal(seat, Deck(pictures=setting))}
        assert looked["pictures"].verdict == "ok"
        assert said in looked["pictures"].found


def test_few_colours_are_mended_where_they_come_from() -> None:
    said = printed(
        "from tests.cli.test_doctor import GOOD, found\n"
        "for more in ({}, {'TMUX': 'socket'}):\n"
        "    one = found({**GOOD, 'TERM': 'vt100', **more})['colours']\n"
        "    print(one.found, one.mend, sep='; ')\n"
    )
    alone, in_tmux = said.splitlines()
    assert alone.startswith("no colours, as the environment says; export TERM=xterm-256color")
    assert in_tmux.endswith("; in ~/.tmux.conf: set -s default-terminal tmux-256color")


def test_what_is_said_at_the_end_passes_nothing_over() -> None:
    assert totals([Finding("a", "ok", "")]) == "Nothing is wrong."
    verdicts = ("ok", "warning", "warning", "unknown", "fault")
    said = totals([Finding("a", one, "") for one in verdicts])  # type: ignore[arg-type]
    assert said == "1 fault, 2 warnings, 1 could not be checked."


def test_the_status_says_what_was_found(shell: Shell, tmp_path: Path) -> None:
    shell.set({**GOOD, "LC_ALL": "C.UTF-8", "TMUX": "", "STY": "", "DISPLAY": "", "SSH_TTY": ""})
    # No terminal stands behind the tests, so that it cannot be looked at.
    said = shell.run("doctor")
    assert said.status == USAGE
    assert "TimeTonic              embedded" in said.out
    assert said.out.endswith("1 could not be checked.\n")
    with kept_port() as keeper:
        port = number_of(keeper)
        with create_server(("127.0.0.1", port)):
            reached = shell.run(
                "doctor", "--json", "--set", f"trackmypeople.base_url=http://127.0.0.1:{port}/api",
                "--set", "trackmypeople.user=anna", "--set", "trackmypeople.password=sailor-7",
            )  # fmt: skip
        # Nobody listens there any more.
        gone = shell.run(
            "doctor", "--set", f"trackmypeople.base_url=http://127.0.0.1:{port}/api",
            "--set", "trackmypeople.user=anna", "--set", "trackmypeople.password=sailor-7",
        )  # fmt: skip
    checks = {one["about"]: one for one in json.loads(reached.out)["checks"]}
    assert checks["TrackMyPeople"]["found"] == (
        f"127.0.0.1:{port} has answered; the account was not tried"
    )
    assert checks["Igtimi"]["found"] == "not set up"
    assert "sailor-7" not in reached.out
    assert gone.status == REFUSED
    assert "cannot be reached: " in gone.out
    assert "mend: tockdeck config show --origin" in gone.out


def test_warnings_are_faults_only_where_one_is_strict(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.set({**GOOD, "LC_ALL": "C", "TMUX": "", "STY": "", "DISPLAY": ""})
    monkeypatch.setattr("tui.cli.doctor._size", lambda: (120, 40))
    assert shell.run("doctor").status == DONE
    assert shell.run("doctor", "--strict").status == REFUSED


def test_which_default_keys_gave_way_is_said(shell: Shell, tmp_path: Path) -> None:
    shell.set({**GOOD, "LC_ALL": "C.UTF-8", "TMUX": "", "STY": "", "DISPLAY": "", "SSH_TTY": ""})
    assert "ok       keys                   no default gave way" in shell.run("doctor").out
    file = tmp_path / "config.toml"
    file.write_text('[keys]\n"timers.start" = "x"\n')
    said = shell.run("doctor", "--config", str(file)).out
    assert "warning  keys                   x: timers.stop gave way to timers.start; it has" in said
    assert 'mend: in [keys], give "timers.stop" a key of its own, or [] where it needs none' in said
    file.write_text('[keys]\n"timers.start" = "x"\n"timers.stop" = []\n')
    assert "gave way to timers" not in shell.run("doctor", "--config", str(file)).out


def test_help_is_that_of_the_verb(shell: Shell) -> None:
    assert shell.run("help", "doctor").out == shell.run("doctor", "--help").out
    assert shell.run("help").out == shell.run("--help").out
    assert shell.run("help", "xyzzy").status == USAGE
