"""Printing samples: in the units that people chose, never in the way of the feed."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Iterator
from datetime import UTC
from types import SimpleNamespace
from typing import Any

import pytest

from tui.cli.statuses import exit_status
from tui.cli.streams import (
    Form,
    Output,
    devices_called,
    serials_of,
    the_one,
    types_of,
    written_by,
)
from tui.config.load import ConfigError
from tui.live.export import Row
from tui.live.series import SeriesKey
from tui.workspace.problems import OptionError, one_line

WALL = 1_384_906_719_250


class Pipe:
    """What stands where standard output does, and its reader."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)

    def read(self) -> bytes:
        try:
            return os.read(self.reader, 1 << 20)
        except BlockingIOError:
            return b""


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    os.close(made.writer)
    os.close(made.reader)


async def test_an_account_without_devices_is_no_fault_of_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def none(*_: object) -> None:
        return None

    monkeypatch.setattr("tui.cli.streams.heard_boats", none)

    async def no_places() -> list[str]:
        return []

    room: Any = SimpleNamespace(devices=no_places)
    with pytest.raises(OptionError) as refused:
        await serials_of(room, argparse.Namespace(session=None, device=[]))
    assert one_line(refused.value) == (
        "Options: This account has no devices; name one with --device."
    )
    assert exit_status(refused.value) == exit_status(ConfigError("a file is wrong"))


async def stuck(pipe: Pipe) -> tuple[asyncio.Task[None], str]:
    """A write that fills the pipe and waits for its reader."""
    text = "".join(f"{number:07}\n" for number in range(40_000))
    task = asyncio.create_task(Output(pipe.writer).write(text))
    for _ in range(100):
        await asyncio.sleep(0)
    assert not task.done(), "the pipe took all of it"
    return task, text


async def test_a_slow_reader_gets_all_of_it_while_the_loop_goes_on(pipe: Pipe) -> None:
    task, text = await stuck(pipe)
    read = b""
    while len(read) < len(text):
        read += pipe.read()
        await asyncio.sleep(0)
    await task
    assert read.decode() == text


async def test_waiting_for_a_reader_can_be_interrupted(pipe: Pipe) -> None:
    task, _ = await stuck(pipe)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def plain(unit: str, *rows: Row) -> list[str]:
    options = argparse.Namespace(to=None, json=False, csv=False)
    return Form(options, unit, UTC, {"GA": "Kea\x1b[2J"}.__getitem__).text(rows).splitlines()


def test_values_for_people() -> None:
    lines = plain(
        "kn",
        (WALL, SeriesKey("GA", 9), (18.52,)),
        (WALL, SeriesKey("GA", 11), (350.0,)),
        (WALL, SeriesKey("GA", 6), (-10.0,)),
        (WALL, SeriesKey("GA", 1, 2), (174.86, -36.82)),
        (WALL, SeriesKey("GA", 18), (0.0, 1.5, -9.81)),
        (WALL, SeriesKey("GA", 99), (3.0,)),
    )
    assert lines[0] == "2013-11-20 00:18:39.250  Kea␛[2J           SOG   10.00 kn"
    said = [line.split("  ", 2)[2].split(maxsplit=1)[1] for line in lines]
    assert said[1:] == [
        "-10.0°", "350.0°", "36.820000°S 174.860000°E", "0 1.5 -9.81 m/s²", "3",
    ]  # fmt: skip
    assert " POS/2 " in lines[3], "a second source says so"


def test_a_name_that_two_boats_have_is_refused_with_their_serial_numbers() -> None:
    called = devices_called([("A-1", "Petrel"), ("A-2", "petrel"), ("A-3", "a-1"), ("a-3", "Tern")])
    assert [the_one(word, called) for word in ("a-1", "A-2", "A-3", "a-3", "TERN", "x")] == [
        "A-1", "A-2", "A-3", "a-3", "a-3", None,
    ]  # fmt: skip
    with pytest.raises(ConfigError, match=r"2 devices are called so; .* number: A-1, A-2$"):
        the_one("Petrel", called)


def test_types_by_number_and_name() -> None:
    assert types_of(["SOG,6", "true wind speed", "9"]) == [9, 6, 23]
    with pytest.raises(ConfigError, match="sog"):
        types_of(["sogg"])


async def test_a_stuck_reader_does_not_outlast_the_time(
    pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    soon = asyncio.get_running_loop().time() + 0.01
    async with asyncio.timeout(30):
        await written_by(Output(pipe.writer).write("x" * (1 << 20)), soon)
    assert "did not take all of it" in capsys.readouterr().err


@pytest.mark.parametrize("way", ["json", "csv", "plain"])
def test_times_that_are_no_dates_are_counted(way: str) -> None:
    given = {"to": None, "json": False, "csv": False, "plain": False, way: True}
    options = argparse.Namespace(**given)
    form = Form(options, "kn", UTC)
    key = SeriesKey("A\x9b", 9, 0)
    rows: list[Row] = [(time, key, (4.0,)) for time in (WALL, 1 << 60, -(1 << 60))]
    text = form.text(rows)
    assert form.undated == 2
    assert text.count("2013-11-20") == 1
    assert "\x9b" not in text
