"""Frames alike: those that differ in nothing but numbers are read together, column by column.

A fleet says the same again and again: the same devices with the same types in the same order, and
other numbers. What such a frame means is found out once. From then on it is cut at its brackets,
waits as text, and is read with all the others of its form when samples are handed over: a series
costs one decoding then and not one for each frame.

Whatever does not fit, one number that is none, is read frame by frame as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import compress
from typing import Annotated, Any, NamedTuple

import msgspec

from tui.services.igtimi.batches import (
    Batch,
    Columns,
    Key,
    packer,
    plain_key,
    real_altitude,
)
from tui.services.igtimi.live_types import ALTITUDE, POSITION, QUALITY, SPEEDS, TYPES
from tui.services.igtimi.packed import Bounds, Packed, at_least_two, measurable

FEW = 2
"""Frames of a form below which reading them together gains nothing."""
LARGEST_FRAME = 1 << 18
"""Bytes of a frame beyond which no form is remembered."""
FORMS = 1 << 22
"""Bytes of all forms that are remembered; a fleet has one of 10 kB, or one a device."""
FAILURES = 3
"""Times that frames of a form could not be read together after which that is given up."""
FURTHEST = (1 << 62) - 1
SEAM, TIMELESS = b",1e200,", b",0,"
"""What is put between the values, and the times, of two frames: a number that neither can be. A
null would do as well, and one more kind of thing to look for takes half as long again to read."""
JUDGED = frozenset({POSITION, QUALITY}) | SPEEDS
"""Of these the bounds are asked for: told while the numbers are at hand they cost a third."""
GOOD = (2.0, 2.0**321)
WHERE = ((-180.0, 180.0), (-90.0, 90.0))
"""Between what a position lies."""

_Time = Annotated[int, msgspec.Meta(ge=0, le=FURTHEST)]

_decode = msgspec.json.Decoder().decode
_times = msgspec.json.Decoder(list[_Time]).decode
_numbers = msgspec.json.Decoder(list[float]).decode

Pieces = Sequence[bytes]


class Series(NamedTuple):
    """A series of a form: in which of the frame's arrays its times and its axes stand."""

    key: Key
    times: int
    axes: tuple[int, ...]


class Form:
    """What frames alike have in common: what stands between their arrays, and which series these
    are. `failures` counts when they could not be read together.
    """

    def __init__(self, between: Pieces, series: Sequence[Series]) -> None:
        self.between = between
        self.arrays = len(between) - 1
        """How many a frame has."""
        self.series = series
        self.serials = frozenset(one.key[0] for one in series)
        self.bounds = {
            axis: Bounds() for one in series if one.key[1] in JUDGED for axis in one.axes
        }
        """Of each axis that is judged."""
        self.failures = 0

    def frame(self, arrays: Pieces) -> bytes:
        """Return the frame whose arrays these are."""
        *between, last = self.between
        parts = zip(between, arrays, strict=True)
        return b"[%b%b]" % (b"".join(b"%b[%b]" % part for part in parts), last)


class Alike:
    """Frames that wait to be read, by form; `read` is how a frame is read alone.

    What of them is handed over is the same as if each had been read when it came, and comes in
    the same order.
    """

    def __init__(self, columns: Columns, read: Callable[[bytes, Columns, int], object]) -> None:
        self._columns = columns
        self._read = read
        self._latest: Pieces = ()
        self._latest_form: Form | None = None
        self._known: dict[bytes, Form | None] = {}
        """By what stands between the brackets; None where that is none of ours."""
        self._seen: set[bytes] = set()
        self._size = 0
        self._frames: dict[Form, tuple[list[bytes], list[int]]] = {}
        """The arrays of frames, one after the other, and when each came. The frames themselves
        would leave no room in the processor's cache for what comes."""
        self._only: dict[Form, bytes] = {}
        """Those of which there is one of their form so far: it is read alone, as it came."""
        self._serials: set[str] = set()

    def take(self, frame: bytes, wall: int) -> bool:
        """Let a frame wait that is like one before; tell whether it does."""
        columns = self._columns
        pieces: Pieces = ()
        form: Form | None = None
        if frame[:1] == b"[" and frame[-1:] == b"]":
            pieces = frame.replace(b"]", b"[").split(b"[")
            between = pieces[1::2]
            form = self._latest_form if between == self._latest else self._form(frame, between)
        if form is None or form.failures >= FAILURES:
            if self._frames:
                columns.settle()
            return False
        known = self._frames.get(form)
        if known is None:
            # What came first must be first.
            if columns.begun or not self._serials.isdisjoint(form.serials):
                columns.settle()
            self._serials |= form.serials
            known = self._frames[form] = ([], [])
            self._only[form] = frame
        else:
            self._only.pop(form, None)
        arrays, walls = known
        arrays += pieces[2:-1:2]
        walls.append(wall)
        columns.heard = True
        return True

    def _form(self, frame: bytes, between: Pieces) -> Form | None:
        if len(frame) > LARGEST_FRAME:
            return None
        name = b"[".join(between)
        if name in self._known:
            form = self._known[name]
        elif name in self._seen:
            form = self._known[name] = form_of(between, self._columns)
        else:
            self._size += len(name)
            if self._size > FORMS:
                self._known.clear()
                self._seen.clear()
                self._size = len(name)
            self._seen.add(name)
            return None
        self._latest, self._latest_form = between, form
        return form

    def batches(self) -> Iterator[Batch]:
        """Hand over what waits."""
        if not self._frames:
            return
        waiting, self._frames = self._frames, {}
        only, self._only = self._only, {}
        self._serials = set()
        for form, (arrays, walls) in waiting.items():
            together: list[Batch] | None = None
            if len(walls) >= FEW:
                together = read_together(form, arrays, len(walls))
                form.failures = 0 if together is not None else form.failures + 1
            if together is None:
                for number, wall in enumerate(walls):
                    own = arrays[number * form.arrays : (number + 1) * form.arrays]
                    try:
                        self._read(only.get(form) or form.frame(own), self._columns, wall)
                    except ValueError:
                        self._columns.passed.unreadable += 1
                yield from self._columns.collected()
            else:
                yield from together


def form_of(between: Pieces, columns: Columns) -> Form | None:
    """Return the form of frames with this between their brackets, or None if it is none of ours.

    Each array is given its own number as its content: what is read then says where which stands.
    """
    text = "".join(
        f"{piece.decode(errors='replace')}[{number}]" for number, piece in enumerate(between[:-1])
    )
    try:
        objects = _decode(f"[{text}{between[-1].decode(errors='replace')}]")
    except (msgspec.DecodeError, RecursionError):
        return None
    series: list[Series] = []
    arrays = 0
    for devices in objects if isinstance(objects, list) else ():
        for serial, types in devices.items() if isinstance(devices, dict) else ():
            for name, axes in types.items() if isinstance(types, dict) else ():
                one = _series(serial, name, axes, columns)
                if one is None:
                    return None
                series.append(one)
                arrays += len(axes)
    keys = {one.key for one in series}
    if not series or len(keys) < len(series) or arrays != len(between) - 1:
        return None
    return Form(between, series)


def _series(serial: str, name: str, axes: Any, columns: Columns) -> Series | None:
    routes = columns.device(serial)
    if routes is None or not isinstance(axes, dict):
        return None
    key = plain_key(serial, name)
    if key is None:
        return None
    wanted = [axes.get(axis) for axis in ("t", "1", "2")[: 1 + len(TYPES[key[1]].axes)]]
    if not all(isinstance(one, list) for one in axes.values()) or None in wanted:
        return None
    times, *values = (one[0] for one in wanted if one is not None)
    return Series(key, times, tuple(values))


def read_together(form: Form, arrays: Sequence[bytes], frames: int) -> list[Batch] | None:
    """Return the samples of so many frames of a form, or None if something in them is odd.

    `arrays` are theirs, one frame's after the other's. Between two frames a seam is put: where
    these stand must be the same for all arrays of a series, or one of them had more values than
    another.
    """
    every, seams = form.arrays, frames - 1
    found: list[Batch] = []
    stamps: Pieces = ()
    times: list[int] = []
    size = 0
    marks: slice | list[bool] = []
    pack = packer(0)
    try:
        for key, at, axes in form.series:
            texts = arrays[at::every]
            if texts != stamps:
                stamps = texts
                marked = _times(b"[%b]" % TIMELESS.join(stamps))
                size, marks = len(marked), _marks(marked, seams)
                times = _parted(marked, marks)
                if 0 in times:
                    return None
                pack = packer(len(times))
            type_ = key[1]
            judged = type_ in JUDGED and bool(times)
            columns: list[Packed] = []
            for axis in axes:
                values = _numbers(b"[%b]" % SEAM.join(arrays[axis::every]))
                if len(values) != size:
                    return None
                values = _parted(values, marks)
                packed = pack(*values)
                if not measurable(packed):
                    return None
                column = Packed("d", packed)
                if judged:
                    # Of quality it only counts whether any is below 1.
                    good = type_ == QUALITY and at_least_two(packed)
                    column.bounds = GOOD if good else form.bounds[axis].of(packed, values)
                elif type_ == ALTITUDE and not all(map(real_altitude, values)):
                    return None
                columns.append(column)
            if type_ == POSITION and times and not _on_earth(columns):
                return None
            found.append((key, times, columns))
    except (msgspec.DecodeError, ValueError):
        return None
    return found


def _on_earth(columns: Sequence[Packed]) -> bool:
    """Tell whether all of these positions are on this planet."""
    within = zip(columns, WHERE, strict=True)
    return all(
        (low <= one.bounds[0] and one.bounds[1] <= high) or (low <= min(one) and max(one) <= high)
        for one, (low, high) in within
    )


def _marks(times: list[int], seams: int) -> slice | list[bool]:
    """Return where the seams between frames stand: a slice where all frames are equally long,
    else for each time whether it is one. Raises ValueError if there are others.
    """
    length = (len(times) - seams) // (seams + 1)
    marks = slice(length, None, length + 1)
    if len(times) == (seams + 1) * (length + 1) - 1 and not any(times[marks]):
        return marks
    if times.count(0) != seams:
        raise ValueError("a time is none")
    return [time != 0 for time in times]


def _parted(values: list[Any], marks: slice | list[bool]) -> list[Any]:
    """Return values, as many as the times have, without what stands where these have seams.

    Where the seams between frames stand elsewhere one of them is left.
    """
    if isinstance(marks, slice):
        del values[marks]
        return values
    return list(compress(values, marks))
