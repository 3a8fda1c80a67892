"""The large row, part by part."""

from __future__ import annotations

from datetime import UTC

import pytest
from textual.geometry import Size

from tui.live.store import FeedStore
from tui.screens.live import large
from tui.screens.live.large import Large, Sight, bands_of, flowed, scale_in
from tui.screens.live.layout import layout_of
from tui.screens.live.row import Row
from tui.screens.live.rows import RowSpec, row_specs
from tui.screens.live.wall import Wall
from tui.screens.live.window import frame_of
from tui.workspace.live.live import TYPES
from tui.workspace.live.presets import Arrangement, Limits

NOW = 1_700_000_000_000
SPEED = 9
EVERY = 500


def filled(values: list[float], *, until: int = NOW - 1) -> tuple[FeedStore, RowSpec]:
    """A store with one series of speeds, the last value at `until`, and its row."""
    store = FeedStore()
    times = [until - EVERY * place for place in range(len(values))][::-1]
    store.add([(("GA", SPEED, 0), times, [values])])
    (spec,) = row_specs(store, ["GA"], lambda serial: "Boat", TYPES, Arrangement(), NOW)
    return store, spec


def drawn(
    store: FeedStore,
    spec: RowSpec,
    monkeypatch: pytest.MonkeyPatch,
    *,
    cursor: int | None = None,
    size: tuple[int, int] = (60, 13),
    arrangement: Arrangement | None = None,
) -> list[str]:
    """The lines as text, without an application."""
    monkeypatch.setattr(Large, "content_size", Size(*size))
    shown = Large("ascii", UTC)
    sight = Sight(store, arrangement or Arrangement(window=10), NOW, NOW, cursor)
    lines = shown._draw(Row(spec, "ascii"), sight)
    return ["".join(text for text, _ in line) for line in lines]


def test_heading_graph_scale_times_and_statistics(monkeypatch: pytest.MonkeyPatch) -> None:
    store, spec = filled([10.0, 20.0] * 10)
    lines = drawn(store, spec, monkeypatch, arrangement=Arrangement(window=10, unit="km/h"))
    assert spec.kind is not None
    assert lines[0].rstrip() == f"  Boat  {spec.kind.name} · 10 s"
    room = 13 - large.AROUND
    graph = lines[1 : 1 + room]
    labels = [line[: large.AXIS - 1].strip() for line in graph]
    low, high = float(labels[-1]), float(labels[0])
    assert low <= 10 < 20 <= high
    assert float(labels[room // 2]) == pytest.approx(
        high - (high - low) * (room // 2) / (room - 1), abs=0.1
    )
    assert [label for label in labels if label] == [labels[0], labels[room // 2], labels[-1]]
    assert all(line[large.AXIS - 1] == "|" for line in graph)
    assert "22:13:1" in lines[1 + room], "when it begins"
    assert lines[2 + room] == ""
    told = " ".join(lines[3 + room :])
    for text in ("last 20.0 km/h", "min 10.0", "mean 15.0", "max 20.0", "samples 20"):
        assert text in told


def test_what_is_left_out_is_marked_at_the_edge_and_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store, spec = filled([10.0] * 10 + [180.0] + [10.0] * 8)
    graph = drawn(store, spec, monkeypatch)
    assert graph[1][large.AXIS :].count("?") == 1, "above all that is true"
    assert not any("?" in line[large.AXIS :] for line in graph[2:-3])
    assert "left out 1 (?)" in " ".join(graph)
    assert "max 5.4" in " ".join(graph), "and no statistic has it"
    calm, quiet = filled([10.0] * 19)
    assert "left out" not in " ".join(drawn(calm, quiet, monkeypatch))
    series = store.series(("GA", SPEED, 0))
    assert series is not None
    ((time, _),) = series.suspects(0, NOW)
    assert series.suspects(time + 1, NOW) == series.suspects(0, time) == []


def test_another_scale_is_drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    store, spec = filled([10.0, 20.0] * 10)
    monkeypatch.setattr(Large, "content_size", Size(60, 13))
    shown = Large("ascii", UTC)
    shown.show(spec)

    def tick(arrangement: Arrangement, clock: float) -> int:
        return shown.tick(store, arrangement, NOW, clock, held=NOW, cursor=None)

    own = Arrangement(window=10)
    assert tick(own, 1.0)
    before = list(shown._lines)
    assert not tick(own, 1.1), "it is paced"
    assert tick(own.changed(scale="fixed"), 1.1), "what a key changed is not"
    assert shown._lines != before


def test_another_stretch_of_time_cursor_or_mark_is_drawn_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of a picture that is held nothing would draw it later."""
    store, spec = filled([10.0, 20.0] * 10)
    monkeypatch.setattr(Large, "content_size", Size(60, 13))
    shown, own = Large("ascii", UTC), Arrangement(window=10)
    shown.show(spec)

    def tick(held: int | None, cursor: int | None = None, marked: tuple[int, ...] = ()) -> str:
        shown.tick(store, own, NOW, 1.0, held=held, cursor=cursor, marked=marked)
        return "\n".join("".join(text for text, _ in line) for line in shown._lines)

    present = tick(None)
    assert tick(NOW - 5000) != present
    assert "samples 10" in tick(NOW - 5000)
    assert "at 22:13:13" in tick(NOW - 5000, NOW - 6100)
    before = tick(NOW - 5000)
    assert "at 22" not in before
    assert tick(NOW - 5000, marked=(NOW - 8000,)) != before
    assert tick(None) == present


def test_a_mark_is_drawn_once_a_replay_has_come_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    store, spec = filled([10.0, 20.0] * 10)
    monkeypatch.setattr(Large, "content_size", Size(60, 13))
    shown, own = Large("ascii", UTC), Arrangement(window=10)
    shown.show(spec)

    def bars(now: int, mark: int) -> int:
        shown.tick(store, own, now, 1.0, held=NOW, cursor=None, marked=[mark])
        return sum(text.count(":") for line in shown._lines[1:8] for text, _ in line)

    assert bars(NOW - 3000, NOW - 2000) == 0, "it stands before it"
    assert bars(NOW - 2000, NOW - 2000) > 0, "and draws it at once when it is there"
    assert bars(NOW - 3000, NOW - 2000) == 0, "nor after a jump back"


def test_the_numbers_of_a_window_are_its_own_as_soon_as_it_is_held() -> None:
    """Nothing reads them later: they stood beside a stretch of time that they were not of."""
    store, spec = filled([10.0] * 10 + [20.0] * 10)
    wall = Wall("ascii", UTC)
    drawing = wall.drawing
    drawing.store, drawing.arrangement = store, Arrangement(window=10, unit="km/h")
    drawing.layout = layout_of(120, by_type=False)
    drawing.tick([spec], NOW, 1.0)

    def numbers() -> tuple[str, str, str]:
        found = drawing.row(spec).numbers
        return found.low, found.mean, found.high

    assert numbers()[::2] == ("10.0", "20.0")
    wall.held = NOW - 6000
    drawing.tick([spec], NOW, 1.1)
    assert numbers() == ("10.0", "10.0", "10.0")


def test_the_cursor_in_time_lies_behind_what_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    store, spec = filled([10.0, 20.0] * 10)
    without = drawn(store, spec, monkeypatch)
    crossed = drawn(store, spec, monkeypatch, cursor=NOW - 3000)
    room = 13 - large.AROUND
    cells = {
        x
        for old, new in zip(without[1 : 1 + room], crossed[1 : 1 + room], strict=True)
        for x, (before, after) in enumerate(zip(old, new, strict=True))
        if before != after and (before, after) == (" ", "|")
    }
    changed = sum(old != new for old, new in zip(without[1 : 1 + room], crossed[1:], strict=False))
    assert len(cells) == 1, "one column"
    assert 0 < changed <= room
    assert "at 22:13:17" in " ".join(crossed)
    assert drawn(store, spec, monkeypatch, cursor=NOW - 60_000)[1 : 1 + room] == without[1:][:room]


def test_one_that_has_stopped_says_when_and_one_that_never_sent_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store, spec = filled([10.0], until=NOW - 60_000)
    assert (
        "No samples in this window. The last was at 22:12:20."
        in drawn(store, spec, monkeypatch)[-1]
    )
    silent = spec._replace(key=None, kind=None)
    assert drawn(store, silent, monkeypatch)[0].rstrip() == "  Boat has sent nothing yet."


def test_bands_reach_from_lowest_to_highest_and_smoothed_ones_are_the_value_alone() -> None:
    store, spec = filled([10.0, 20.0] * 10)
    row = Row(spec, "ascii")
    arrangement = Arrangement(window=10)
    frame = frame_of(10, 5, 1, NOW, NOW)
    row.take(store, frame, arrangement)
    view = row.view(store, frame)
    raw = [band for band in bands_of(row, view, smooth=False) if band is not None]
    assert raw
    assert all(low <= high for low, high in raw)
    assert any(low < high for low, high in raw)
    smooth = [band for band in bands_of(row, view, smooth=True) if band is not None]
    assert all(low == high for low, high in smooth)
    assert bands_of(row, None, smooth=False) == []
    kind = spec.kind
    assert kind is not None
    wide = scale_in(row, arrangement, list(raw))
    assert wide[0] <= 10 < 20 <= wide[1]
    fixed = Arrangement(window=10, scale="fixed", limits={kind.id: Limits(low=2.0, high=99.0)})
    row.take(store, frame, fixed)
    assert scale_in(row, fixed, list(raw)) == (2.0, 99.0)


def test_statistics_flow_over_as_many_lines_as_they_need() -> None:
    texts = [("min", "1.0"), ("mean", "2.0"), ("max", "3.0")]

    def lines(width: int) -> list[str]:
        return ["".join(text for text, _ in line).rstrip() for line in flowed(texts, width)]

    assert lines(60) == ["  min 1.0   mean 2.0   max 3.0"]
    assert lines(24) == ["  min 1.0   mean 2.0", "  max 3.0"]
    assert lines(5) == ["  min 1.0", "  mean 2.0", "  max 3.0"]
