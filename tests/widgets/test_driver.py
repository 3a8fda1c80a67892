"""The driver that sleeps: every byte becomes its key, nothing is looked for, the end is at once."""

from __future__ import annotations

import asyncio
import os
import select
import signal
from queue import Queue
from threading import Thread
from typing import Any

import pytest
from textual import _parser, constants
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Paste
from textual.message import Message

from tui.widgets.bursts import Bursts
from tui.widgets.driver import SleepingDriver, WakingEvent
from tui.widgets.escapes import EscapeParser

PATIENCE = 30.0


class Heard(SleepingDriver):
    """Keeps what it is told."""

    def __init__(self, app: App[Any], file: int) -> None:
        super().__init__(app)
        self.fileno = file
        self.heard: Queue[Any] = Queue()

    def send_message(self, message: Any) -> None:
        self.heard.put(message)

    def keys(self, count: int) -> list[str]:
        found = []
        for _ in range(count):
            event = self.heard.get(timeout=PATIENCE)
            assert isinstance(event, Key)
            found.append(event.key)
        return found


@pytest.fixture
async def typed(handlers: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A driver that reads a pipe, the end to type into, and its thread."""
    monkeypatch.setenv("TERM", "xterm-256color")
    reader, writer = os.pipe()
    driver = Heard(App(), reader)
    thread = Thread(target=driver.run_input_thread, daemon=True)
    thread.start()
    yield driver, writer, thread
    driver.exit_event.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    os.close(reader)


def test_what_is_used_of_textuals_driver_is_there() -> None:
    assert callable(LinuxDriver.run_input_thread)
    assert "exit_event.set()" in _source("disable_input")
    assert "self.run_input_thread()" in _source("_run_input_thread")


def _source(name: str) -> str:
    from inspect import getsource

    return getsource(getattr(LinuxDriver, name))


async def test_bytes_become_keys(typed: Any) -> None:
    driver, writer, _ = typed
    os.write(writer, b"j\x1b[A")
    assert driver.keys(2) == ["j", "up"]
    os.write(writer, "é".encode()[:1])
    os.write(writer, "é".encode()[1:] + b"k")
    assert [driver.heard.get(timeout=PATIENCE).character, *driver.keys(1)] == ["é", "k"]
    os.write(writer, b"\x1b[200~pasted\ntext\x1b[201~")
    paste = driver.heard.get(timeout=PATIENCE)
    assert isinstance(paste, Paste)
    assert paste.text == "pasted\ntext"


async def test_an_escape_alone_is_a_key_after_its_time(typed: Any) -> None:
    driver, writer, _ = typed
    os.write(writer, b"\x1b")
    assert driver.keys(1) == ["escape"]


async def test_bytes_that_are_no_text_end_nothing(typed: Any) -> None:
    driver, writer, _ = typed
    os.write(writer, b"\xff\xfej")
    heard = [driver.heard.get(timeout=PATIENCE).character for _ in range(3)]
    assert heard == ["\ufffd", "\ufffd", "j"]


async def test_ctrl_z_stops_the_job_and_is_nobodys_key(
    typed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver, writer, _ = typed
    sent: Queue[tuple[int, int]] = Queue()
    monkeypatch.setattr(os, "kill", lambda *signal: sent.put(signal))
    for encoded in (b"\x1a", b"\x1b[122;5u"):  # as terminals send it of old, and kitty's way
        os.write(writer, encoded + b"j")
        assert driver.keys(1) == ["j"]
        await asyncio.sleep(0)
        assert sent.get_nowait() == (0, signal.SIGTSTP), "to the whole job"


async def test_the_end_of_the_input_is_not_the_end_of_the_driver(typed: Any) -> None:
    driver, writer, thread = typed
    os.write(writer, b"j")
    os.close(writer)
    assert driver.keys(1) == ["j"]
    assert thread.is_alive()


class Paper:
    """A writer that keeps what it is given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def write(self, text: str) -> None:
        self.texts.append(text)


async def test_a_synchronised_update_is_written_as_one_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, handlers: None
) -> None:
    monkeypatch.setattr(SleepingDriver, "_fits", lambda _: True)
    driver, paper = SleepingDriver(App()), Paper()
    driver._writer_thread = paper  # type: ignore[assignment]
    driver._started = True
    for text in ("one", "one", "two"):
        driver.write(SYNC_START)
        driver.write(f"\x1b[1;1H{text}")
        if text == "two":
            driver.send("\x1b]9;word\x1b\\")
        driver.write(SYNC_END)
    driver.write("\a")
    driver.send("\x1b]9;more\x1b\\")
    driver.write("\x1b[1;1Htwo")
    assert paper.texts == [
        f"{SYNC_START}\x1b[1;1Hone{SYNC_END}",
        f"{SYNC_START}\x1b[1;1Htwo{SYNC_END}",
        # Between frames, and what the terminal shows is still known.
        "\x1b]9;word\x1b\\",
        "\a",
        "\x1b]9;more\x1b\\",
    ]
    assert driver.written == sum(map(len, paper.texts))


def test_a_bell_rings_again_after_it_was_cleared() -> None:
    bell = WakingEvent()
    for _ in range(2):
        bell.set()
        bell.set()
        assert bell.is_set()
        bell.clear()
        assert not bell.is_set()
        with pytest.raises(BlockingIOError):
            os.read(bell.file, 1)


def test_no_wake_up_is_eaten() -> None:
    bell = WakingEvent()
    ready = select.poll()
    ready.register(bell.file, select.POLLIN)
    for act, rings in (
        (bell.set, True),
        (bell.set, True),
        (bell.clear, False),
        (bell.clear, False),
    ):
        act()
        assert (bell.is_set(), bool(ready.poll(0))) == (rings, rings)


async def test_text_that_comes_at_once_is_pasted_though_nobody_says_so(typed: Any) -> None:
    driver, writer, _ = typed
    os.write(writer, b"Dear Ada,\rthe mast is mended.\r")
    os.write(writer, b"Yours\r\n\x1b[A")
    pasted = driver.heard.get(timeout=PATIENCE)
    assert isinstance(pasted, Paste)
    assert pasted.text == "Dear Ada,\nthe mast is mended.\nYours\n"
    assert driver.keys(1) == ["up"]
    os.write(writer, b"2jj\r")
    assert driver.keys(4) == ["2", "j", "j", "enter"]


async def test_a_bracketed_paste_in_several_reads_is_one(typed: Any) -> None:
    driver, writer, _ = typed
    os.write(writer, b"\x1b[200~" + b"some text\rof lines\r" * 1000)
    os.write(writer, b"and more of it\rand more\x1b[201~j")
    pasted = driver.heard.get(timeout=PATIENCE)
    assert isinstance(pasted, Paste)
    assert pasted.text.endswith("and more of it\rand more")
    assert len(pasted.text) == 19 * 1000 + 23
    assert driver.keys(1) == ["j"]


SENT_AND_KEYS = {
    "\x1bj": ["escape", "j"],
    "\x1bJ?": ["escape", "J", "question_mark"],
    "\x1bf": ["escape", "f"],
    "\x1b\x1bjk": ["escape", "escape", "j", "k"],
    "\x1bj\x1b[A\x1bé": ["escape", "j", "up", "escape", "é"],
    "\x1bj\x1b": ["escape", "j", "escape"],
    "\x1bO\x1b[B": ["escape", "O", "down"],
    "\x1bO": ["escape", "O"],
    "\x1b[": ["escape", "left_square_bracket"],
    "\x1b\\": ["escape", "backslash"],
    "\x1bOA\x1b[1;5C": ["up", "ctrl+right"],
    "\x1b 5": ["escape", "space", "5"],
    "\x1b\t": ["escape", "tab"],
    "\x1b\x1b\t\tj": ["escape", "escape", "tab", "tab", "j"],
}


@pytest.mark.parametrize("sent", SENT_AND_KEYS)
async def test_an_escape_and_a_key_in_one_read_are_two_keys(typed: Any, sent: str) -> None:
    driver, writer, _ = typed
    os.write(writer, sent.encode())
    wanted = SENT_AND_KEYS[sent]
    assert driver.keys(len(wanted)) == wanted


async def test_an_escape_and_a_key_in_two_reads_are_two_keys() -> None:
    parser = EscapeParser((), lambda _: False)
    for sent, wanted in SENT_AND_KEYS.items():
        for at in range(1, len(sent)):
            events = [*parser.keys(sent[:at]), *parser.keys(sent[at:]), *late(parser)]
            assert [key_of(one) for one in events] == wanted, (sent, at)


def test_an_escape_and_a_tab_are_one_key_on_the_console_alone() -> None:
    parser = EscapeParser((), lambda _: False, console=True)
    for at in range(1, 4):
        sent = "\x1b\tj"
        events = [*parser.keys(sent[:at]), *parser.keys(sent[at:]), *late(parser)]
        assert [key_of(one) for one in events] == ["shift+tab", "j"], at


@pytest.mark.parametrize("sent", ["\x1b[B", "\x1bOQ", "\x1b[1;5C", "\x1b[<65;184;15M", "\x1b[I"])
def test_a_sequence_that_a_slow_line_cuts_is_one(
    sent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(_parser, "get_time", lambda: now)
    whole = [type(one) for one in EscapeParser((), lambda _: False).keys(sent)]
    assert len(whole) == 1
    for at in range(2, len(sent)):
        parser = EscapeParser((), lambda _: False)
        events = [*parser.keys(sent[:at])]
        now += 0.4
        events += [*parser.tick(), *parser.keys(sent[at:])]
        assert [type(one) for one in events] == whole, at
        assert parser._timeout_time is None
    bytes_apart = EscapeParser((), lambda _: False)
    events = [*bytes_apart.keys(sent[:2])]
    for character in sent[2:]:
        now += 0.4
        events += [*bytes_apart.tick(), *bytes_apart.keys(character)]
    assert [type(one) for one in events] == whole


def test_an_escape_alone_is_not_waited_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(_parser, "get_time", lambda: now)
    parser = EscapeParser((), lambda _: False)
    assert [key_of(one) for one in parser.keys("j\x1b")] == ["j"]
    now += constants.ESCAPE_DELAY
    assert [key_of(one) for one in parser.tick()] == ["escape"]


def late(parser: EscapeParser) -> list[Message]:
    """What becomes of what waits for more in vain."""
    if parser._timeout_time is None:
        return []
    parser._timeout_time = 0.0
    return list(parser.tick())


def key_of(message: Message) -> str:
    assert isinstance(message, Key)
    return message.key


def test_alt_is_what_a_person_has_bound_and_goes_by_words_in_text() -> None:
    bound = EscapeParser({"alt+j", "alt+J", "alt+full_stop"}, lambda _: False)
    for sent in ("\x1bj\x1bJ\x1b.\x1bk", "\x1b\x1bjk"):
        for at in range(len(sent)):
            events = [*bound.keys(sent[:at]), *bound.keys(sent[at:])] if at else bound.keys(sent)
            wanted = ["alt+j", "alt+J", "alt+full_stop", "escape", "k"]
            if sent.startswith("\x1b\x1b"):
                wanted = ["escape", "alt+j", "k"]
            assert [key_of(one) for one in [*events, *late(bound)]] == wanted, (sent, at)
    text = EscapeParser((), str.isalnum)
    assert [key_of(one) for one in text.keys("\x1bb\x1bf\x1bj")] == [
        "ctrl+left", "ctrl+right", "escape", "j",
    ]  # fmt: skip


PASTED = "one\x1bjtwo \x1b[31mred\x1b[m\x1b"


async def test_nothing_that_is_pasted_is_a_key(typed: Any) -> None:
    driver, writer, _ = typed
    whole = f"k\x1b[200~{PASTED}\x1b[201~j".encode()
    os.write(writer, whole * 2)
    for _ in range(2):
        assert driver.keys(1) == ["k"]
        pasted = driver.heard.get(timeout=PATIENCE)
        assert isinstance(pasted, Paste)
        assert pasted.text == PASTED
        assert driver.keys(1) == ["j"]


def test_a_paste_in_two_reads_is_one_wherever_it_is_cut() -> None:
    whole = f"k\x1b[200~{PASTED}\x1b[201~j"
    for at in range(len("k\x1b[200~"), len(whole)):
        parser, bursts = EscapeParser((), lambda _: False), Bursts()
        events: list[Message] = []
        for part in (whole[:at], whole[at:]):
            for _, text in bursts.parts(part):
                events.extend(parser.keys(text, bracketed=bursts.is_bracketed))
        assert key_of(events[0]) == "k"
        assert isinstance(events[1], Paste)
        assert events[1].text == PASTED, at
        assert [key_of(one) for one in events[2:]] == ["j"], at
