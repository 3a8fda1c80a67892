"""A terminal that is asked for pictures and says nothing, or late; what is typed meanwhile."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import pytest
from textual.events import Key
from textual.geometry import Size
from textual.message import Message

from tests.widgets.test_driver_terminal import PATIENCE, Front, InTerminal, until
from tui.widgets.driver import GIVE_BACK, SleepingDriver
from tui.widgets.picture_answers import question
from tui.widgets.picture_place import Pictured
from tui.workspace.books.picture_ways import Answered

NO = Answered()
LATE = b"\x1b_Gi=7340;OK\x1b\\\x1b[6;16;8t\x1b[?62;4c"


@pytest.fixture
async def one(handlers: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[InTerminal]:
    made = InTerminal(monkeypatch)
    yield made
    made.driver.stop_application_mode()
    os.close(made.master)
    made.file.close()
    made.out.close()


async def test_silence_is_no_and_a_late_answer_is_for_the_next_picture(
    one: InTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.widgets.driver.ANSWER_SECONDS", 0.01)
    typed: list[str] = []

    def hear(_: SleepingDriver, message: Message) -> None:
        if isinstance(message, Key):
            typed.append(message.key)

    monkeypatch.setattr(SleepingDriver, "process_message", hear)
    one.driver.start_application_mode()
    assert await one.driver.ask_for_pictures() == NO
    assert question().encode() in one.written(question().encode())
    # Escape by itself and the beginning of no answer are keys all the same.
    for keys, heard in ((b"\x1b", ["escape"]), (b"a\x1b[A", ["a", "up"])):
        typed.clear()
        os.write(one.master, keys)
        await asyncio.wait_for(until(lambda: len(typed) >= len(heard)), PATIENCE)  # noqa: B023
        assert typed == heard
    typed.clear()
    os.write(one.master, b"b" + LATE + b"c")
    await asyncio.wait_for(until(lambda: len(typed) == 2), PATIENCE)
    assert typed == ["b", "c"]
    found = Answered(kitty=True, sixel=True, cell=(8, 16))
    await asyncio.wait_for(until(lambda: one.driver._pictures is not None), PATIENCE)
    assert await one.driver.ask_for_pictures() == found
    # What such a terminal is sent behind its answer is a key again, as it comes.
    assert one.driver._answers is not None
    assert one.driver._answers.typed("\x1b") == "\x1b"


async def test_a_picture_goes_with_the_terminal(
    one: InTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Shows(Front):
        def pictured(self) -> Pictured:
            return Pictured((2, 1), Size(3, 1), "DRAW", "ERASE")  # type: ignore[arg-type]

    monkeypatch.setattr("tui.widgets.driver.ANSWER_SECONDS", 0.01)
    driver = one.driver
    driver.start_application_mode()
    await driver.ask_for_pictures()
    front = Shows()
    monkeypatch.setattr("textual.app.App.screen", front)
    frame = "\x1b[2;1Hmast      \x1b[1;1Hend"
    driver.write(frame)
    driver.write(frame.replace("mast", "    "))
    said = one.written(b"DRAW\x1b8")
    assert said.index(b"mast") < said.index(b"ERASE\x1b7\x1b[2;3HDRAW")
    driver.give_back()
    assert one.written(GIVE_BACK.encode()).endswith(b"\x1b\\ERASE" + GIVE_BACK.encode())
