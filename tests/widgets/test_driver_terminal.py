"""The driver in a terminal: taken once, given back whole, and left where there is none any more."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import select
import shutil
import signal
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue
from threading import Thread
from threading import enumerate as enumerate_threads
from types import SimpleNamespace
from typing import Any

import pytest
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.app import App, ScreenStackError
from textual.events import Key, Resize
from textual.geometry import Size
from textual.message import Message
from textual.messages import InBandWindowResize

from tui.widgets.driver import GIVE_BACK, SleepingDriver

PATIENCE = 30.0


class InTerminal:
    """A driver on a terminal whose other end is ours."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.master, slave = pty.openpty()
        self.file = os.fdopen(slave, "rb", buffering=0)
        self.out = os.fdopen(os.dup(slave), "w")
        self.signals: Queue[int] = Queue()
        monkeypatch.setattr(sys, "__stdin__", self.file)
        monkeypatch.setattr(sys, "__stdout__", self.out)
        monkeypatch.setattr(os, "kill", lambda _, number: self.signals.put(number))
        monkeypatch.setattr(
            shutil, "get_terminal_size", lambda *_: os.terminal_size((80, 24)), raising=True
        )
        self.app: App[Any] = App()
        self.driver = SleepingDriver(self.app)
        self.app._driver = self.driver

    def written(self, until: bytes) -> bytes:
        found = b""
        while until not in found:
            assert select.select([self.master], [], [], PATIENCE)[0], found
            found += os.read(self.master, 1 << 16)
        return found

    def hang_up(self) -> None:
        os.close(self.master)
        self.master = -1

    def line(self) -> list[Any]:
        return termios.tcgetattr(self.file.fileno())

    def input_threads(self) -> list[Thread]:
        return [one for one in enumerate_threads() if one.name == "textual-input"]


@pytest.fixture
def terminal(handlers: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], InTerminal]]:
    made: list[InTerminal] = []

    def make() -> InTerminal:
        made.append(InTerminal(monkeypatch))
        return made[-1]

    yield make
    for one in made:
        one.driver.stop_application_mode()
        assert one.input_threads() == []
        if one.master != -1:
            os.close(one.master)
        one.file.close()
        one.out.close()


LAST = b"\x1b[?1004l"
SWITCHED = re.compile(rb"\x1b\[\?([0-9]+)l")


async def test_the_terminal_is_given_back_as_textuals_driver_does(
    terminal: Callable[[], InTerminal],
) -> None:
    one = terminal()
    line = one.line()
    one.driver.start_application_mode()
    assert one.line() != line
    one.driver._in_band_window_resize = True
    one.driver.stop_application_mode()
    of_textual = one.written(LAST)
    of_textual = of_textual[of_textual.rindex(b"\x1b[?2004l") :]
    ours = GIVE_BACK.encode()
    assert set(SWITCHED.findall(of_textual)) <= set(SWITCHED.findall(ours))
    for also in (b"\x1b[?7h", b"\x1b[<u", b"\x1b[?25h"):
        assert also in of_textual
        assert also in ours
    assert ours.index(b"\x1b[<u") < ours.index(b"\x1b[?1049l")
    assert one.line() == line


async def test_it_is_given_back_at_once_while_nobody_reads(
    terminal: Callable[[], InTerminal],
) -> None:
    one = terminal()
    line = one.line()
    one.driver.start_application_mode()
    writer = one.driver._writer_thread
    assert writer is not None
    for _ in range(writer._queue.maxsize + 1):
        writer.write("x" * 100_000)
    one.driver.let_go()
    one.driver._write("a frame")  # which would wait for ever
    one.driver.give_back()
    assert one.written(LAST).endswith(GIVE_BACK.encode())
    assert one.line() == line
    writer.write("y")
    writer.stop()
    assert not select.select([one.master], [], [], 0)[0], "nothing comes after it"


async def test_it_is_given_back_where_its_output_was_stopped(
    terminal: Callable[[], InTerminal],
) -> None:
    one = terminal()
    one.driver.start_application_mode()
    await asyncio.wait_for(until(lambda: not one.driver.is_behind), PATIENCE)
    termios.tcflow(one.driver.fileno, termios.TCOOFF)
    one.driver._write("a frame")
    one.driver.let_go()
    one.driver.give_back()
    written = one.written(LAST)
    assert written.endswith(GIVE_BACK.encode())
    assert b"a frame" not in written


async def test_what_finds_room_wakes_no_thread_and_what_does_not_comes_in_order(
    terminal: Callable[[], InTerminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = terminal()
    one.driver.start_application_mode()
    while one.driver.is_behind:  # noqa: ASYNC110 - a thread of Textual's is waited for
        await asyncio.sleep(0)
    with monkeypatch.context() as patch:
        given: list[str] = []
        patch.setattr(one.driver._writer_thread, "write", given.append)
        one.driver._write("a frame: é")
        assert one.written("é".encode()).endswith("a frame: é".encode())
        assert given == []
        assert not one.driver.is_behind
    large = "日é" * 100_000
    for text in (large, "a frame", "the end"):
        one.driver._write(text)
    assert one.written(b"the end").decode() == f"{large}a framethe end"


async def test_a_signal_to_go_on_without_a_stop_takes_the_terminal_once(
    terminal: Callable[[], InTerminal],
) -> None:
    one = terminal()
    one.driver.start_application_mode()
    (before,) = one.input_threads()
    for _ in range(3):
        one.driver._sigcont_application()
    await asyncio.sleep(0)
    (after,) = one.input_threads()
    assert after is not before
    assert not before.is_alive()


async def test_an_application_that_is_ending_neither_stops_nor_goes_on(
    terminal: Callable[[], InTerminal],
) -> None:
    one = terminal()
    one.driver.start_application_mode()
    threads = one.input_threads()
    one.app.is_ending = True  # type: ignore[attr-defined]
    one.driver._sigtstp_application()
    await asyncio.sleep(0)
    one.driver._sigcont_application()
    await asyncio.sleep(0)
    assert one.signals.empty()
    assert one.input_threads() == threads


async def test_a_stop_that_a_hang_up_overtakes_is_none(
    terminal: Callable[[], InTerminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = terminal()
    one.driver.start_application_mode()
    stop = one.driver.stop_application_mode

    def hung_up_meanwhile() -> None:
        stop()
        one.app.is_ending = True  # type: ignore[attr-defined]

    monkeypatch.setattr(one.driver, "stop_application_mode", hung_up_meanwhile)
    one.driver._sigtstp_application()
    await asyncio.sleep(0)
    assert one.signals.empty()


async def test_the_terminal_is_given_back_before_the_job_stops(
    terminal: Callable[[], InTerminal],
) -> None:
    one = terminal()
    line = one.line()
    one.driver.start_application_mode()
    one.driver.process_message(Key("ctrl+z", None))
    assert one.signals.empty()
    await asyncio.sleep(0)
    assert one.signals.get_nowait() == signal.SIGTSTP
    assert one.written(LAST).endswith(LAST)
    assert one.line() == line
    one.driver._write("a frame")
    assert not select.select([one.master], [], [], 0)[0], "the terminal is the shell's"


async def test_what_is_typed_for_the_shell_is_left_to_it(
    terminal: Callable[[], InTerminal],
) -> None:
    one = terminal()
    one.driver.start_application_mode()
    one.driver.stop_application_mode()
    os.write(one.master, b"ls\n")
    one.driver.disable_input()  # as an application does once more at its end
    one.driver.close()
    assert os.read(one.file.fileno(), 100) == b"ls\n"


async def test_a_stop_that_was_overtaken_by_the_signal_to_go_on_is_none(
    terminal: Callable[[], InTerminal],
) -> None:
    one = terminal()
    one.driver.start_application_mode()
    one.driver._sigtstp_application()
    one.driver._sigcont_application()
    await asyncio.sleep(0)
    assert one.signals.empty()


@pytest.mark.parametrize("number", [0, 30])
async def test_a_terminal_that_goes_is_a_hang_up_and_holds_up_nobody(
    terminal: Callable[[], InTerminal], number: int
) -> None:
    one = terminal()
    one.driver.start_application_mode()
    writer = one.driver._writer_thread
    assert writer is not None
    for _ in range(number):
        writer._queue.put("x" * 10_000)
    one.hang_up()
    assert one.signals.get(timeout=PATIENCE) == signal.SIGHUP
    for _ in range(100):  # more than the queue holds
        one.driver._write("a frame")
    one.driver.give_back()
    one.driver.stop_application_mode()
    assert not writer.is_alive()


class Front:
    """The screen in front, as far as a driver knows it; without one there is none."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[object] = asyncio.Queue()
        self.size = self.outer_size = Size(80, 24)

    def refresh(self) -> None:
        """Painted by nobody here."""

    def paint_due(self) -> None:
        """Painted by nobody here."""

    def call_later(self, act: object) -> None:
        self.told.put_nowait(act)


async def until(condition: Callable[[], bool]) -> None:
    for _ in iter(condition, True):
        await asyncio.sleep(0)


@contextmanager
def not_waited_for(driver: SleepingDriver) -> Iterator[None]:
    """A test that fails waits for no terminal that nobody reads."""
    try:
        yield
    except BaseException:
        driver.let_go()
        raise


async def test_a_frame_that_waits_is_painted_by_the_screen_in_front_then(
    terminal: Callable[[], InTerminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.widgets.due_frame.PATIENCE", 0.01)
    one, front = terminal(), Front()
    driver = one.driver
    assert not driver.hold(), "of a terminal that is not ours"
    driver.start_application_mode()
    with not_waited_for(driver):
        driver._write("x" * 100_000 + "all")
        assert driver.is_behind, "nobody reads"
        assert driver.hold()
        one.written(b"all")
        await asyncio.wait_for(until(lambda: not driver.is_behind), PATIENCE)
        # When it was told that there is room, there was no screen.
        with pytest.raises(ScreenStackError):
            _ = one.app.screen
        await asyncio.sleep(0)
        monkeypatch.setattr(App, "screen", front)
        told = [await asyncio.wait_for(front.told.get(), PATIENCE) for _ in range(2)]
        assert told == [front.paint_due] * 2, "until it is painted"
        assert not driver.hold()
        assert not driver._due.is_due
        one.app._batch_count = 1
        assert driver.hold(), "in a batch it would be lost"
        one.app._batch_count = 0
        while not front.told.empty():
            front.told.get_nowait()
        assert await asyncio.wait_for(front.told.get(), PATIENCE) == front.paint_due
        monkeypatch.setattr(App, "screen", SimpleNamespace(outer_size=None))
        await asyncio.wait_for(until(lambda: not driver._due.is_due), PATIENCE)


async def test_what_was_kept_stands_between_tabs_and_keys_until_it_is_lifted(
    terminal: Callable[[], InTerminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, front = terminal(), Front()
    driver = one.driver
    before = termios.tcgetattr(driver.fileno)
    monkeypatch.setattr("tui.first_moment._before", before)
    driver.start_application_mode()
    monkeypatch.setattr(App, "screen", front)
    height = driver._get_terminal_size()[1]
    frame = f"\x1b[1;1Htabs\x1b[2;1Hbody\x1b[{height};1Hkeys"
    driver.write(frame)
    written = one.written(b"keys")
    assert b"tabs" in written
    assert b"body" not in written
    driver.unveil()
    assert await asyncio.wait_for(front.told.get(), PATIENCE) == front.refresh
    driver.write(frame)
    written = one.written(b"body")
    assert b"tabs" not in written, "what is there already"
    driver.unveil()
    assert front.told.empty(), "nothing is there to be lifted"
    driver.veil.lay(height)
    driver.process_message(Key("j", "j"))
    assert await asyncio.wait_for(front.told.get(), PATIENCE) == front.refresh
    assert not driver.veil.is_there, "who types is to see what comes of it"
    driver.veil.lay(height)
    signal.raise_signal(signal.SIGWINCH)
    await asyncio.wait_for(until(lambda: not driver.veil.is_there), PATIENCE)


async def test_what_was_kept_is_not_taken_for_shown_once_another_had_the_terminal(
    terminal: Callable[[], InTerminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, front = terminal(), Front()
    driver = one.driver
    monkeypatch.setattr("tui.first_moment._before", termios.tcgetattr(driver.fileno))
    driver.start_application_mode()
    monkeypatch.setattr(App, "screen", front)
    height = driver._get_terminal_size()[1]
    frame = f"\x1b[1;1Htabs\x1b[2;1Hbody\x1b[{height};1Hkeys"
    monkeypatch.setattr("tui.first_moment._shown", frame)
    driver.write(frame)
    one.written(b"keys")
    driver.suspend_application_mode()
    driver.resume_application_mode()
    driver.write(frame)
    assert b"body" in one.written(b"keys"), "the shell has written over it"
    driver.veil.lay(height)
    driver.forget()
    driver.write(frame)
    assert b"body" in one.written(b"keys"), "somebody else may have"
    driver.unveil()
    assert front.told.empty()


async def test_a_window_that_has_its_size_again_is_painted_whole(
    terminal: Callable[[], InTerminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, front = terminal(), Front()
    driver = one.driver
    driver.start_application_mode()
    monkeypatch.setattr(App, "screen", front)
    frame = "\x1b[1;1Hmast"
    for told in (
        # What the system tells twice before anybody looks, it tells once.
        lambda: signal.raise_signal(signal.SIGWINCH),
        lambda: driver.process_message(Resize(front.size, front.size)),
    ):
        driver.forget()
        driver.write(frame)
        one.written(b"mast")
        driver.write(frame)
        told()
        assert await asyncio.wait_for(front.told.get(), PATIENCE) == front.refresh
        driver.write(frame)
        assert one.written(b"mast").count(b"mast") == 1, "all of it, and nothing that stands there"
        # The application knows, and has not laid it out yet: that paints it.
        front.outer_size = Size(100, 30)
        told()
        await asyncio.sleep(0)
        assert front.told.empty()
        driver.write(frame)
        one.written(b"mast")
        front.outer_size = Size(80, 24)
        driver.write(frame)
        assert b"mast" in one.written(b"mast"), "what was laid out otherwise is taken for nothing"


async def test_the_size_that_is_told_last_is_the_one_the_window_has(
    terminal: Callable[[], InTerminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = terminal()
    one.driver.start_application_mode()
    sizes, told = [(90, 30)], list[Size]()

    def size(*_: object) -> os.terminal_size:
        found = os.terminal_size(sizes[-1])
        if found == (90, 30) and len(sizes) == 1:
            # It is made large again while the signal of before is looked after.
            sizes.append((120, 40))
            signal.raise_signal(signal.SIGWINCH)
        return found

    async def post(message: Message) -> bool:
        assert isinstance(message, Resize)
        told.append(message.size)
        return True

    await asyncio.sleep(0)
    monkeypatch.setattr(one.app, "_post_message", post)
    monkeypatch.setattr(shutil, "get_terminal_size", size)
    signal.raise_signal(signal.SIGWINCH)
    await asyncio.wait_for(until(lambda: len(told) == 2), PATIENCE)
    assert told[-1] == Size(120, 40)


async def test_an_answer_to_the_terminal_falls_into_no_frame(
    terminal: Callable[[], InTerminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = terminal()
    driver = one.driver
    driver.start_application_mode()
    monkeypatch.setattr(App, "screen", Front())
    one.written(b"?7l")
    driver.write(SYNC_START)
    driver.write("\x1b[1;1Hmast")
    # By the thread that reads, at any moment of this.
    reader = Thread(target=driver.process_message, args=(InBandWindowResize(True, False),))
    reader.start()
    reader.join()
    driver.write("\x1b[2;1Hsail")
    driver.write(SYNC_END)
    await asyncio.sleep(0)
    found = one.written(b"\x1b[?2048h")
    frame = found[found.index(SYNC_START.encode()) : found.index(SYNC_END.encode())]
    assert b"mast" in frame
    assert b"sail" in frame
    assert b"?2048h" not in frame
    assert driver._in_band_window_resize
