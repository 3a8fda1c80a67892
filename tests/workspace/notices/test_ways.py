"""The ways of a notice: which is taken where, what is written, and that no text leaves it."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.workspace.notices.sending import Sending
from tui.workspace.notices.ways import (
    LONGEST,
    around,
    in_format_of_tmux,
    said,
    sequence,
    through_tmux,
    way_of,
)

IN_TMUX = {"TMUX": "/tmp/x,1,0", "TMUX_PANE": "%3", "TERM": "tmux-256color"}


@pytest.mark.parametrize(
    ("setting", "environment", "way"),
    [
        ("auto", {"TERM": "xterm-kitty"}, "osc99"),
        ("auto", {"TERM": "xterm-kitty", "SSH_CONNECTION": "x", "DISPLAY": ":0"}, "osc99"),
        ("auto", {"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "osc9"),
        ("auto", {"TERM": "xterm-256color", "VTE_VERSION": "7000"}, "osc777"),
        ("auto", {"TERM": "foot-extra"}, "osc777"),
        ("auto", {"TERM": "xterm-kitty", "DISPLAY": ":0"}, "desktop"),
        ("auto", {"TERM": "alacritty"}, "bell"),
        ("auto", {"TERM": "linux"}, "bell"),
        ("auto", {}, "bell"),
        # What is left of a terminal that is around no more.
        ("auto", {**IN_TMUX, "VTE_VERSION": "7000", "TERM_PROGRAM": "iTerm.app"}, "tmux"),
        ("auto", {"STY": "1.x", "TERM": "screen", "DISPLAY": ":0"}, "bell"),
        ("off", {"TERM": "xterm-kitty"}, "off"),
        ("osc9", IN_TMUX, "osc9"),
    ],
)
def test_the_way_is_what_is_set_or_what_there_is(
    setting: str, environment: dict[str, str], way: str
) -> None:
    assert way_of(setting, environment, lambda name: name == "notify-send") == way
    if way == "desktop":
        assert way_of(setting, environment, lambda _name: False) != "desktop"


def test_each_sequence_is_as_its_terminals_read_it() -> None:
    notice = said("Reminder", "call; the sailmaker")
    assert sequence("osc9", notice, 1) == "\x1b]9;tockdeck: Reminder: call; the sailmaker\x1b\\"
    assert (
        sequence("osc777", notice, 1)
        == "\x1b]777;notify;tockdeck: Reminder;call, the sailmaker\x1b\\"
    )
    title, text = re.findall(
        r"\x1b\]99;i=tockdeck-7:e=1:d=[01]:p=(?:title|body);([^\x1b]*)\x1b\\",
        sequence("osc99", notice, 7),
    )
    assert (b64decode(title), b64decode(text)) == (b"tockdeck: Reminder", b"call; the sailmaker")
    assert {sequence(way, notice, 1) for way in ("off", "bell", "tmux", "desktop")} == {""}
    assert through_tmux("\x1b]9;x\x1b\\") == "\x1bPtmux;\x1b\x1b]9;x\x1b\x1b\\\x1b\\"


@given(st.text(), st.text(), st.sampled_from(["osc9", "osc777", "osc99"]))
def test_no_text_ends_a_sequence_or_begins_another(title: str, text: str, way: str) -> None:
    written = sequence(way, said(title, text), 1)  # type: ignore[arg-type]
    assert written.startswith("\x1b]")
    assert written.endswith("\x1b\\")
    count = 2 if way == "osc99" else 1
    assert written.count("\x1b") == 2 * count
    assert not re.search(r"[\x00-\x1a\x1c-\x1f\x7f-\x9f]", written)
    if way == "osc777":
        assert written.count(";") == 3
    assert len(said(title, text).text) <= LONGEST
    # tmux puts nothing in the place of any part of it.
    assert "#" not in in_format_of_tmux(text).replace("##", "")
    assert "%" not in in_format_of_tmux(text).replace("%%", "")


class Machine:
    """Answers as tmux and notify-send would, and keeps what they were told."""

    def __init__(self, around: str = "", clients: str = "/dev/pts/9") -> None:
        self.told: list[Sequence[str]] = []
        self.written: list[str] = []
        self._around, self._clients = around, clients

    def asked(self, command: Sequence[str]) -> str | None:
        if "-p" in command:
            return self._around
        if "list-clients" in command:
            return self._clients
        self.told.append(command)
        return ""

    def sending(self, setting: str, environment: dict[str, str]) -> Sending:
        return Sending(
            setting, self.written.append, environment=environment, asked=self.asked,
            has=lambda _name: True,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("setting", "answer", "begins"),
    [
        ("auto", "xterm-kitty\t1\t1", "\x1bPtmux;\x1b\x1b]99;"),
        ("auto", "xterm-kitty\t0\tall", "\x1bPtmux;\x1b\x1b]99;"),
        ("osc9", "xterm-256color\t1\ton", "\x1bPtmux;\x1b\x1b]9;"),
        ("auto", "xterm-kitty\t0\t1", ""),  # nobody has the window before them
        ("auto", "xterm-kitty\t1\t0", ""),
        ("auto", "xterm-256color\t1\t1", ""),  # nobody knows what that shows
        ("osc9", "xterm-256color\t1\t0", ""),
        ("auto", "", ""),
    ],
)
def test_tmux_hands_on_where_it_does_and_else_says_it_itself(
    setting: str, answer: str, begins: str
) -> None:
    machine = Machine(answer)
    assert machine.sending(setting, IN_TMUX).send("Timer", "50 % #(date)")
    if begins:
        (written,) = machine.written
        assert written.startswith(begins)
        assert machine.told == []
    else:
        assert machine.written == []
        (command,) = machine.told
        assert command[:4] == ["tmux", "display-message", "-c", "/dev/pts/9"] or command[:4] == (
            "tmux", "display-message", "-c", "/dev/pts/9",
        )  # fmt: skip
        assert command[-1] == "tockdeck: Timer: 50 %% ##(date)"


def test_the_desktop_gets_no_markup_and_nobody_gets_what_is_off() -> None:
    machine = Machine()
    assert machine.sending("auto", {"DISPLAY": ":0"}).send("Overdue", "<b>Fulmar & Co\x1b[m")
    (command,) = machine.told
    assert command[-3:] == ("--", "Overdue", "&lt;b&gt;Fulmar &amp; Co␛[m")
    for setting, environment in (("off", {"TERM": "xterm-kitty"}), ("auto", {"TERM": "linux"})):
        assert not machine.sending(setting, environment).send("a", "b")
    assert not Sending("osc9", None, environment={}).send("a", "b")
    assert (len(machine.told), machine.written) == (1, [])
    assert not around("a\tb").hands_on
