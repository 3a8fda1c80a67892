"""Derived rows of the wall: marked, drawn like any, only as far as they are seen."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import UTC
from math import inf
from pathlib import Path

import pytest

from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer
from tui.config.live import Live
from tui.live.derived import FLEET, HEEL, MEAN_TWD, SHIFT5, TWA, VMG
from tui.live.series import SeriesKey
from tui.live.store import FeedStore
from tui.screens.live.drawing import NUMBERS_EVERY, Drawing
from tui.screens.live.layout import layout_of
from tui.screens.live.lines import name_segments
from tui.screens.live.numbers import arrow_text, value_text
from tui.screens.live.reckon_pace import ReckonPace
from tui.screens.live.row import Row
from tui.screens.live.rows import WIND, RowSpec, row_specs
from tui.screens.live.screen import LiveScreen
from tui.widgets.palette import make_palette
from tui.workspace.live.derived import ALL_KINDS
from tui.workspace.live.presets import Arrangement, Limits
from tui.workspace.live.reckoning import Reckoning

NOW = 1_760_000_000_000
TYPES = (9, 6, 22, TWA, VMG, MEAN_TWD, HEEL)


def sailing(*boats: str) -> FeedStore:
    store = FeedStore()
    for second in range(60):
        time = [NOW - 1000 * (60 - second)]
        store.add([(("W", 22, 0), time, [[10.0]])])
        for boat in boats:
            store.add([((boat, 9, 0), time, [[20.0]]), ((boat, 6, 0), time, [[50.0]])])
    return store


def specs_of(store: FeedStore, reckoning: Reckoning, serials: list[str]) -> list[RowSpec]:
    arrangement = Arrangement().changed(types=TYPES)
    offered = reckoning.offered(store, None, serials, TYPES)
    return row_specs(store, serials, str, ALL_KINDS, arrangement, NOW, {"W": WIND}, offered)


def derived_of(specs: list[RowSpec]) -> list[SeriesKey]:
    return [spec.key for spec in specs if spec.key is not None and spec.derived]


def test_rows_of_what_can_be_reckoned_stand_with_what_they_are_of_and_are_marked() -> None:
    store, reckoning = sailing("A"), Reckoning(Live())
    specs = specs_of(store, reckoning, ["A", "W"])
    assert [(spec.device, spec.label) for spec in specs] == [
        ("Fleet", "=MTWD"), ("W", "TWD"),
        ("A", "SOG"), ("A", "COG"), ("A", "=TWA"), ("A", "=VMG"),
    ]  # fmt: skip
    # Once it is reckoned there is no second row of it.
    assert not reckoning.bring(store, None, derived_of(specs), NOW - 60_000)
    assert specs_of(store, reckoning, ["A", "W"]) == specs
    palette = make_palette(defaultdict(lambda: "#123456"))
    for width, name in ((80, "=VMG"), (240, "=Speed made good to")):
        drawing = Drawing("ascii", UTC)
        drawing.layout = layout_of(width, by_type=False)
        drawn = name_segments(
            drawing.row(specs[-1]), drawing.layout, palette, by_type=False, first=True,
            chosen=False, focused=False, ascii_only=True,
        )  # fmt: skip
        assert name in "".join(one.text for one in drawn)


def test_only_rows_that_are_seen_are_reckoned_and_they_are_drawn_and_read_like_any() -> None:
    store, reckoning = sailing("A", "B"), Reckoning(Live())
    specs = specs_of(store, reckoning, ["A", "B"])
    seen = [spec for spec in specs if spec.serial == "A"]
    drawing = Drawing("ascii", UTC)
    drawing.store, drawing.layout = store, layout_of(120, by_type=False)
    drawing.arrangement = Arrangement().changed(types=TYPES, window=60)
    drawing.tick(seen, NOW, 100.0)
    assert drawing.row(seen[-1]).numbers.mark == "silent"
    assert not reckoning.bring(store, None, derived_of(seen), NOW - 60_000)
    drawing.tick(seen, NOW, 101.0)
    row = drawing.row(seen[-1])
    assert (row.numbers.value, row.numbers.unit) == ("8.3", "kn")
    assert len(row.chart.text.strip()) > 20, "all of it, not only what is new"
    assert drawing.row(seen[-2]).numbers.value == "-40"
    assert SeriesKey("A", VMG) in store
    assert SeriesKey("B", VMG) not in store
    # The wind is made all the same: it is what they are made of. Nothing chosen, nothing made.
    assert SeriesKey(FLEET, MEAN_TWD) in store
    assert reckoning.offered(store, None, ["A"], (9, 6)) == []
    # What is of a heeled boat cannot be told of one that sends no attitude.
    assert not [spec for spec in specs if spec.kind is not None and spec.kind.id == HEEL]


def test_values_say_their_side_and_winds_where_they_blow() -> None:
    shift, angle, wind = (ALL_KINDS[one] for one in (SHIFT5, TWA, MEAN_TWD))
    assert [value_text(shift, one, "kn") for one in (4.04, -6.5, 0.01)] == ["+4.0", "-6.5", "0.0"]
    assert value_text(angle, 320.0, "kn") == "-40"
    assert arrow_text(wind, 0.0, ascii_only=False) == "↓"
    assert arrow_text(angle, 180.0, ascii_only=False) == "↑"


async def test_a_key_shows_them_large_exports_them_and_hides_them(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    polar = tmp_path / "boat.pol"
    polar.write_text("6 45 5 90 6.1 150 4.2\n10 42 6.2 90 7.3 150 6")
    app = deck_of(
        server, tmp_path, "live", live__derived="VMG, MTWD, POL%, HULL", live__polar=str(polar)
    )
    async with opened(app) as pilot:

        def there(*texts: str) -> bool:
            return all(text in screen_text(pilot) for text in texts)

        # Who has not chosen yet sees what the settings name.
        await until(pilot, lambda: there("=MTWD", "=VMG", "=POL%", "● live"), "derived rows")
        screen = pilot.app.screen
        assert isinstance(screen, LiveScreen)
        wall = screen.board.rows.wall

        def reckoned(label: str) -> bool:
            rows = (wall.drawing.row(one) for one in wall.on_screen if one.label == label)
            return any(row.numbers.value != "–" for row in rows)

        await until(pilot, lambda: reckoned("=MTWD") and reckoned("=POL%"), "values")
        assert wall.specs[0].label == "=MTWD"
        await pilot.press("enter")
        await until(pilot, lambda: there("=Mean true wind direction · 5 min", "max"), "large")
        await pilot.press("enter")
        await until(pilot, lambda: there("=VMG", "⏎ Large"), "the wall again")
        await pilot.press("E")
        await until(pilot, lambda: there("GeoJSON"), "forms")
        await pilot.press("enter")
        await until(pilot, lambda: there("File"), "the file is asked for")
        path = tmp_path / "kept.csv"
        await pilot.press("ctrl+u", *str(path), "enter")
        await until(pilot, lambda: there(" written to "), "written")
        with path.open() as file:
            found = {(row["serial"], row["type"]) for row in csv.DictReader(file)}
        assert (FLEET, "MTWD") in found
        assert [one for one in found if one[1] == "VMG"]
        await pilot.press("F")
        await until(pilot, lambda: there("Only what is measured") and not there("=VMG"), "hidden")
        await pilot.press("F")
        await until(pilot, lambda: there("=VMG", "There is no HULL"), "shown again")


def test_a_derived_row_that_is_not_reckoned_yet_is_not_silent() -> None:
    kind = ALL_KINDS[VMG]
    row = Row(RowSpec("A", "A", SeriesKey("A", VMG), 0, kind, "=VMG"), "ascii")
    store, arrangement, now = FeedStore(), Arrangement(), 1_760_000_000_000

    def age(*, reckoning: bool) -> tuple[str, str]:
        row.read(
            store, arrangement, now, None, UTC,
            ascii_only=False, summed=False, reckoning=reckoning,
        )  # fmt: skip
        return row.numbers.age, row.numbers.mark

    assert age(reckoning=True) == ("…", "")
    assert age(reckoning=False) == ("no data", "silent")
    store.add([(SeriesKey("A", VMG), [now - 200_000], [[5.0]])], heard=now - 200_000)
    assert age(reckoning=True) == ("…", ""), "nor is what has come as far as some minutes ago"
    assert age(reckoning=False)[1] == "stale"
    store.add([(SeriesKey("A", VMG), [now - 1000], [[5.0]])], heard=now - 1000)
    assert age(reckoning=True) == age(reckoning=False) != ("…", "")


def test_a_row_without_anything_says_filling_until_its_history_was_asked_for() -> None:
    store, now = FeedStore(), 1_760_000_000_000

    def said(serial: str, key: SeriesKey | None, *filling: str) -> tuple[str, str]:
        kind = None if key is None else ALL_KINDS[key.type]
        row = Row(RowSpec(serial, serial, key, 0, kind, ""), "ascii")
        row.read(
            store, Arrangement(), now, None, UTC,
            ascii_only=False, summed=False, filling=frozenset(filling),
        )  # fmt: skip
        return row.numbers.age, row.numbers.mark

    silent = ("no data", "silent")
    for key in (None, SeriesKey("A", VMG)):
        assert said("A", key, "A", "B") == ("filling", "")
        assert said("A", key, "B") == said("A", key) == silent
    assert said(FLEET, SeriesKey(FLEET, MEAN_TWD), "B") == ("filling", "")
    assert said(FLEET, SeriesKey(FLEET, MEAN_TWD)) == silent


def test_many_samples_are_reckoned_at_once_as_often_as_columns_begin_or_numbers_are_read() -> None:
    pace = ReckonPace(2.0)
    assert pace.wait("first", 7, 100.0) == 0.0
    pace.reckoned("first", 8, 100.0, left=True)
    assert pace.wait("first", 8, 100.0) == 0.0, "what is left over goes on at once"
    pace.reckoned("first", 8, 100.0, left=False)
    assert pace.wait("first", 8, 100.1) == inf, "nothing has come, and nothing is looked at"
    assert pace.wait("first", 9, 100.2) == pytest.approx(NUMBERS_EVERY - 0.2)
    assert pace.wait("first", 9, 100.0 + NUMBERS_EVERY) == 0.0
    assert pace.wait("another column", 9, 100.2) == 0.0
    pace.forget()
    assert pace.wait("first", 8, 100.2) == 0.0


def test_rows_that_nobody_sees_have_all_their_turn_by_and_by() -> None:
    pace, rows = ReckonPace(2.0), list(range(450))
    assert rows[pace.others(450, 1000.0)] == rows, "at first all of them"
    turns = [rows[pace.others(450, 1000.0 + frame / 10)] for frame in range(1, 22)]
    assert {row for turn in turns for row in turn} == set(rows)
    assert max(map(len, turns)) <= 450 // 20 + 1


async def test_limits_of_what_is_derived_ring_for_boats_that_nobody_sees(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "live")) as pilot:
        await until(pilot, lambda: "● live" in screen_text(pilot), "the feed")
        screen = pilot.app.screen
        assert isinstance(screen, LiveScreen)
        picture = screen.picture
        assert not [one for one in screen.board.rows.wall.specs if one.derived]
        limits = {VMG: Limits(warn_low=1000.0)}
        picture.arrangement = picture.arrangement.changed(limits=limits)
        watching = picture.watching
        assert watching is not None
        await until(
            pilot,
            lambda: any("speed made good to the wind" in text for _, text in watching.alarms.rang),
            "it rings",
        )
