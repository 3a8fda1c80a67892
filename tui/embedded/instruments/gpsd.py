"""What gpsd says, one JSON document a line: TPV and SKY. Wind is taken from the sentences."""

from __future__ import annotations

from collections.abc import Iterator

from tui.embedded.instruments.json_lines import JsonReader, Object, text_at
from tui.embedded.instruments.places import place_of
from tui.embedded.instruments.readings import (
    FASTEST,
    KMH_PER_METRE_A_SECOND,
    Loss,
    Reading,
    angle,
    finite,
)
from tui.embedded.instruments.sentences import moment

_CONVERSATION = frozenset({"VERSION", "DEVICES", "DEVICE", "WATCH", "POLL"})


class GpsdReader(JsonReader):
    """Reads one connection or one file. gpsd repeats a fix for each sentence: one a time counts."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, tuple[int, dict[int, tuple[float, ...]]]] = {}
        """By device: the newest moment and what was told of it, by type."""

    def _document(self, document: Object) -> Iterator[Reading]:
        name = text_at(document, "class")
        device = text_at(document, "device")[:128]
        if name == "TPV":
            stamp, found = moment(text_at(document, "time")), list(self._fix(document))
        elif name == "SKY":
            stamp, found = self._moment_of_sky(document, device), list(_sky(document))
        else:
            if name == "AIS":
                self.tally.lose(Loss.AIS_OF_GPSD)
            elif name not in _CONVERSATION:
                self.tally.pass_over(name[:64] or "?")
            return
        if not found:
            return
        if stamp is None:
            self.tally.lose(Loss.NO_DATE)
            return
        for kind, values in found:
            if self._new(device, stamp, kind, values):
                yield Reading(kind, values, stamp, f"{device}.{name}")

    def _moment_of_sky(self, document: Object, device: str) -> int | None:
        stamp = moment(text_at(document, "time"))
        return self._said[device][0] if stamp is None and device in self._said else stamp

    def _new(self, device: str, stamp: int, kind: int, values: tuple[float, ...]) -> bool:
        if device not in self._said or self._said[device][0] != stamp:
            if len(self._said) > 64:
                self._said.clear()
            self._said[device] = (stamp, {})
        told = self._said[device][1]
        if kind in told:
            self.tally.lose(Loss.DOUBLE if told[kind] == values else Loss.UNLIKE)
            return False
        told[kind] = values
        return True

    def _fix(self, document: Object) -> Iterator[tuple[int, tuple[float, ...]]]:
        mode = finite(document.get("mode"))
        if mode is None or mode < 2:
            self.tally.lose(Loss.VOID)
            return
        latitude, longitude = finite(document.get("lat")), finite(document.get("lon"))
        if latitude is not None and longitude is not None:
            yield from place_of(latitude, longitude, self.tally)
        speed = finite(document.get("speed"))
        if speed is not None and 0 <= speed * KMH_PER_METRE_A_SECOND <= FASTEST:
            yield 9, (round(speed * KMH_PER_METRE_A_SECOND, 6),)
        track = finite(document.get("track"))
        if track is not None and 0 <= track <= 360:
            yield 6, (angle(track),)
        altitude = finite(document.get("altMSL"))
        if altitude is not None:
            yield 5, (altitude,)


def _sky(document: Object) -> Iterator[tuple[int, tuple[float, ...]]]:
    for kind, name in ((3, "uSat"), (4, "hdop")):
        found = finite(document.get(name))
        if found is not None:
            yield kind, (found,)
