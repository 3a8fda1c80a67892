"""Recordings instead of the simulated fleet: on the live feed, and over REST.

Two kinds of files are read: a transcript of a websocket, one JSON object a line with `dir` and
`text`; and an answer of `resources/data`. What they hold is shifted so that it happens now, and
starts over at its end. A file named `*.as-is.jsonl` or `*.as-is.json` keeps its own times and is
played once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tui.embedded.igtimi.blocks import Column, Value
from tui.embedded.igtimi.fleet import Burst, Step

_PAUSE_MILLISECONDS = 500
"""Between the end of a recording and its next beginning, and before its first one."""


class UnreadableRecording(ValueError):
    """A file that is no recording; the text says which and why."""


@dataclass(frozen=True)
class Frame:
    """One array of the live feed and the time at which it is due: its newest stamp."""

    due: int
    array: tuple[Burst, ...]


@dataclass(frozen=True)
class Recording:
    """What a file holds, in the order of time."""

    path: Path
    frames: tuple[Frame, ...]

    @property
    def is_shifted(self) -> bool:
        """False for a recording that keeps its own times."""
        return ".as-is" not in self.path.suffixes

    @property
    def first(self) -> int:
        """The earliest time that a frame is due."""
        return self.frames[0].due

    @property
    def last(self) -> int:
        """The latest time that a frame is due."""
        return self.frames[-1].due

    @property
    def serials(self) -> tuple[str, ...]:
        """All units, in the order in which they first appear."""
        return tuple(dict.fromkeys(b.serial for frame in self.frames for b in frame.array))


def read_recording(path: Path) -> Recording:
    """Read a file. Raises UnreadableRecording, OSError."""
    text = path.read_bytes()
    try:
        if path.suffix == ".jsonl":
            frames = list(_transcript(text))
        else:
            frames = list(_answer(msgspec.json.decode(text)))
    except (msgspec.DecodeError, KeyError, ValueError, TypeError) as error:
        raise UnreadableRecording(f"{path} cannot be played: {error}") from error
    if not frames:
        raise UnreadableRecording(f"{path} cannot be played: it holds no samples")
    return Recording(path, tuple(sorted(frames, key=lambda frame: frame.due)))


def _transcript(text: bytes) -> Iterator[Frame]:
    """The data messages of a transcript, each with its own arrangement of objects."""
    for line in text.splitlines():
        if not line.strip():
            continue
        entry = msgspec.json.decode(line, type=dict[str, str])
        message = entry.get("text", "")
        if entry.get("dir") != "server->client" or not message.startswith("["):
            continue
        array = tuple(
            burst for content in msgspec.json.decode(message) for burst in _bursts(content)
        )
        stamps = [stamp for burst in array for stamp in _stamps(burst)]
        if stamps:
            yield Frame(max(stamps), array)


def _answer(content: object) -> Iterator[Frame]:
    """The samples of a REST answer, each moment of a unit as a frame of its own."""
    for burst in _bursts(content):
        moments: dict[int, dict[tuple[int, int], Column]] = {}
        for key, column in burst.columns.items():
            for place, stamp in enumerate(column.stamps):
                moments.setdefault(stamp, {})[key] = column.picked([place])
        for stamp, columns in moments.items():
            yield Frame(stamp, (Burst(burst.serial, columns),))


def _bursts(content: object) -> Iterator[Burst]:
    if not isinstance(content, dict):
        raise ValueError("expected an object by serial number")
    for serial, series in content.items():
        if isinstance(series, dict):
            yield Burst(serial, {_key(name): _column(axes) for name, axes in series.items()})


def _key(name: str) -> tuple[int, int]:
    kind, _, source = name.partition(":")
    return int(kind), int(source or "0")


def _column(axes: dict[str, list[Value]]) -> Column:
    stamps = [int(stamp) for stamp in axes["t"]]
    names = sorted((name for name in axes if name != "t"), key=int)
    columns = [list(axes[name]) for name in names]
    if any(len(column) != len(stamps) for column in columns):
        raise ValueError("an axis has another number of values than there are stamps")
    return Column(stamps, columns)


def _stamps(burst: Burst) -> Iterator[int]:
    for column in burst.columns.values():
        yield from column.stamps


def _moved(burst: Burst, by: int, stored: bool) -> Burst:
    """A burst some milliseconds later; a stamp of 0 means "no time" and stays."""
    columns = {
        key: Column([stamp + by if stamp else 0 for stamp in column.stamps], column.axes)
        for key, column in burst.columns.items()
    }
    return Burst(burst.serial, columns, stored)


class Replay:
    """Plays recordings side by side, from a moment on."""

    def __init__(self, recordings: Iterable[Recording], start: int) -> None:
        """`start`: UTC milliseconds at which playing begins."""
        self.clock = start
        self._playing = [_Player(recording, start) for recording in recordings]

    @property
    def serials(self) -> tuple[str, ...]:
        """All units of all recordings."""
        names = (s for player in self._playing for s in player.recording.serials)
        return tuple(dict.fromkeys(names))

    def step(self, seconds: float) -> Step:
        """Let time pass; the frames that became due, in their own arrangement."""
        self.clock += round(seconds * 1000)
        due = [frame for player in self._playing for frame in player.due(self.clock)]
        messages = [list(frame.array) for frame in sorted(due, key=lambda frame: frame.due)]
        live = [burst for array in messages for burst in array]
        return Step(live=live, messages=messages)

    def refresh(self) -> None:
        """Nothing: a recording is sent as it was."""

    def surrender(self) -> list[Burst]:
        """Nothing: a recording holds nothing back."""
        return []


class _Player:
    """One recording and how far it has been played."""

    def __init__(self, recording: Recording, start: int) -> None:
        self.recording = recording
        self._shift = start + _PAUSE_MILLISECONDS - recording.first
        self._next = 0

    def due(self, clock: int) -> Iterator[Frame]:
        """The frames that are due by that time."""
        recording = self.recording
        while True:
            while self._next < len(recording.frames):
                frame = recording.frames[self._next]
                if frame.due + self._shift > clock:
                    return
                self._next += 1
                by = self._shift if recording.is_shifted else 0
                # What keeps its own times is in the storage from the start.
                array = (_moved(burst, by, recording.is_shifted) for burst in frame.array)
                yield Frame(frame.due + self._shift, tuple(array))
            if not recording.is_shifted:
                return
            self._shift += recording.last - recording.first + _PAUSE_MILLISECONDS
            self._next = 0
