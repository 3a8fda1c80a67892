"""Which rows the wall has, and in which order: chosen, grouped and sorted. No Textual."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from tui.live.derived import FIRST, FLEET, SIGN
from tui.screens.live.numbers import LATE
from tui.workspace.live.presets import TYPES_IN_ORDER, Arrangement
from tui.workspace.text import NaturalOrder, clean, in_order

if TYPE_CHECKING:
    from tui.live.series import SeriesKey
    from tui.live.store import FeedStore
    from tui.workspace.live.live import DataType

POSITION = 1
WIND, BOATS, MARKS = 0, 1, 2
"""Who measures the wind stands above the boats, marks and committee boat below them."""
_PLACES = {number: place for place, number in enumerate(TYPES_IN_ORDER)}


class RowSpec(NamedTuple):
    """One row: a series (None where a device has sent nothing), and what it is called."""

    serial: str
    device: str
    key: SeriesKey | None
    axis: int
    kind: DataType | None
    label: str
    """The type, with source and axis where there are several."""
    part: int = 1
    """What it is of: `WIND`, `BOATS` or `MARKS`. Those are apart from each other."""

    @property
    def derived(self) -> bool:
        """Whether it is reckoned, not measured."""
        return self.key is not None and self.key.type >= FIRST

    @property
    def id(self) -> tuple[str, int, int, int]:
        """What makes it this row."""
        if self.key is None:
            return (self.serial, -1, 0, 0)
        return (*self.key, self.axis)


def row_specs(
    store: FeedStore,
    serials: Sequence[str],
    name: Callable[[str], str],
    kinds: Mapping[int, DataType],
    arrangement: Arrangement,
    now: int,
    parts: Mapping[str, int] | None = None,
    derived: Iterable[SeriesKey] = (),
) -> list[RowSpec]:
    """The rows of the chosen devices and types, a line without a series for silent devices.

    `parts` says which devices are no boats, and what they are; `derived` series have a row
    whether they were reckoned yet or not.
    """
    of = parts or {}
    wanted = set(serials)
    types = set(arrangement.types)
    specs: list[RowSpec] = []
    heard: set[str] = set()
    for key in store:
        if key.serial not in wanted or key.type >= FIRST:
            continue
        heard.add(key.serial)
        kind = kinds.get(key.type)
        if key.type not in types or kind is None or not kind.numeric or key.type == POSITION:
            continue
        device = clean(name(key.serial))
        for axis, axis_name in enumerate(kind.axes):
            label = kind.short if not key.source else f"{kind.short}:{key.source}"
            if len(kind.axes) > 1:
                label = f"{label} {axis_name}"
            part = of.get(key.serial, BOATS)
            specs.append(RowSpec(key.serial, device, key, axis, kind, label, part))
    for key in derived:
        kind, fleet = kinds[key.type], key.serial == FLEET
        device = "Fleet" if fleet else clean(name(key.serial))
        part = WIND if fleet else of.get(key.serial, BOATS)
        specs.append(RowSpec(key.serial, device, key, 0, kind, f"{SIGN}{kind.short}", part))
    specs += [
        RowSpec(serial, clean(name(serial)), None, 0, None, "")
        for serial in dict.fromkeys(serials)
        if serial not in heard
    ]
    return ordered(specs, store, arrangement, now)


def same_row(chosen: RowSpec, specs: Sequence[RowSpec], otherwise: int) -> int:
    """Where a row is among others: its series, or its device where that has just begun to send."""
    found: int | None = None
    for place, spec in enumerate(specs):
        if spec.id == chosen.id:
            return place
        if found is None and spec.serial == chosen.serial:
            found = place
    return max(0, min(otherwise, len(specs) - 1)) if found is None else found


def ordered(
    specs: Iterable[RowSpec], store: FeedStore, arrangement: Arrangement, now: int
) -> list[RowSpec]:
    """The rows in the chosen order: by device or by type first, silent devices last."""

    def type_place(spec: RowSpec) -> tuple[int, int, int, int]:
        if spec.key is None:
            return (1 << 16, 0, 0, 0)
        usual = _PLACES.get(spec.key.type, len(_PLACES))
        return (usual, spec.key.type, spec.key.source, spec.axis)

    def device_place(spec: RowSpec) -> tuple[float, NaturalOrder, str]:
        return (rank[spec.serial], in_order(spec.device), spec.serial)

    listed = list(specs)
    worth = {spec.id: _worth(spec, store, arrangement.order, now) for spec in listed}
    if arrangement.group == "type":
        return sorted(
            listed,
            key=lambda spec: (
                spec.key is None, spec.part, type_place(spec), worth[spec.id],
                in_order(spec.device), spec.serial,
            ),
        )  # fmt: skip
    rank: dict[str, float] = {}
    for spec in sorted(listed, key=type_place):
        rank.setdefault(spec.serial, worth[spec.id])
    return sorted(
        listed,
        key=lambda spec: (spec.key is None, spec.part, device_place(spec), type_place(spec)),
    )


def _worth(spec: RowSpec, store: FeedStore, order: str, now: int) -> float:
    """The number to sort by: the highest value, or the newest sample, comes first.

    Ages are compared as they are read: what is not late is as fresh as all else that is not,
    and of what is late the second of its last sample is shown. Otherwise rows of devices that
    send in turn would change places all the time.
    """
    if order == "name" or spec.key is None:
        return 0.0
    last = store.last(spec.key)
    if last is None:
        return inf
    if order == "value":
        return -last[1][spec.axis]
    return -inf if now - last[0] <= LATE else -float(last[0] // 1000)
