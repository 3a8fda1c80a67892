"""The map of the fleet: where things stand, what is read without colour, what is repainted."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events
from textual.geometry import Region

from tests.deck import until
from tests.widgets.hosts import Host, lines_of, settle
from tui.live.course import Point, destination, direction, distance
from tui.widgets.palette import INKS, palette_of
from tui.widgets.sparkline_cells import GlyphSet
from tui.widgets.track import Track, changed_cells
from tui.widgets.track_camera import (
    CLOSEST,
    SNUG,
    WIDEST,
    Camera,
    bar,
    fitted,
    metres_text,
    refitted,
    together,
)
from tui.widgets.track_cells import Boat, Drawn, MapLine, Mark, Scene, Way, draw

SETS: tuple[GlyphSet, ...] = get_args(GlyphSet)
HERE = Point(174.86, -36.82)
PIN, COMMITTEE = destination(HERE, 270, 60), destination(HERE, 90, 60)


def boat(name: str, towards: float, metres: float, heading: float | None = 0.0) -> Boat:
    return Boat(name.lower(), name, destination(HERE, towards, metres), heading)


def text(drawn: Drawn) -> list[str]:
    return ["".join(line.cells) for line in drawn.lines]


def picture(scene: Scene, width: int = 60, height: int = 16, glyphs: GlyphSet = "braille") -> str:
    camera = fitted(scene.places(), width, height)
    assert camera is not None
    return "\n".join(text(draw(scene, camera, width, height, glyphs=glyphs)))


def test_where_no_boat_can_have_been_is_marked_and_never_makes_the_map_larger() -> None:
    near, far = destination(HERE, 90, 150), destination(HERE, 90, 10**6)
    boats = [boat("A", 0, 100), boat("B", 180, 100)]
    bare = picture(Scene(boats, suspects=[far]))
    assert bare == picture(Scene(boats))
    drawn = picture(Scene(boats, suspects=[near, near, destination(HERE, 0, 100)]))
    assert drawn.count("?") == 1, "a boat is not covered"
    assert drawn.replace("?", " ") == bare


def test_ways_lie_below_all_else_and_are_sparser_than_the_line() -> None:
    mark = Mark("m", "M", HERE)
    ways = [Way(destination(HERE, 90 + side * 45, 400), HERE, "good") for side in (0, 2)]
    bare, drawn = (
        picture(Scene([boat("A", 180, 300)], [mark], ways=some), glyphs="ascii")
        for some in ([], ways)
    )
    assert "." not in bare
    assert drawn.count(".") >= 6
    assert drawn.replace(".", " ") == bare


# the camera

places = st.builds(Point, st.floats(-179.9, 179.9), st.floats(-80, 80))
near = st.tuples(st.floats(0, 360), st.floats(0, 5000))


@given(places, st.lists(near, min_size=1, max_size=8), st.integers(8, 240), st.integers(4, 60))
def test_a_fit_shows_all_and_no_more_than_needed(
    start: Point, ways: list[tuple[float, float]], width: int, height: int
) -> None:
    fleet = [destination(start, *way) for way in ways]
    camera = fitted(fleet, width, height)
    assert camera is not None
    assert camera.shows(fleet, width, height)
    if camera.metres > 1.3 * SNUG:
        assert not camera.zoomed(2).shows(fleet, width, height, 0.08)


@given(places, st.floats(0, 79), st.floats(0, 23), st.floats(0.1, 50))
def test_a_cell_and_its_place_are_one(start: Point, x: float, y: float, metres: float) -> None:
    camera = Camera(start, metres)
    back = camera.cell(camera.place(x, y, 80, 24), 80, 24)
    assert back == pytest.approx((x, y), abs=1e-3)


def test_north_is_up_and_a_cell_is_twice_as_high_as_wide() -> None:
    camera = Camera(HERE, 5.0)
    assert camera.cell(destination(HERE, 0, 40), 80, 24) == pytest.approx((40, 10), abs=0.01)
    assert camera.cell(destination(HERE, 90, 40), 80, 24) == pytest.approx((44, 12), abs=0.01)


def test_zoom_stays_within_what_makes_sense() -> None:
    camera = Camera(HERE, 5.0)
    assert camera.zoomed(10).metres == pytest.approx(0.5, rel=0.01)
    assert camera.zoomed(-10).metres == pytest.approx(50, rel=0.01)
    assert camera.zoomed(900).metres == CLOSEST
    assert camera.zoomed(-900).metres == WIDEST


def test_a_map_of_a_fleet_stands_still_while_it_serves() -> None:
    fleet = [HERE, destination(HERE, 90, 400)]
    camera = fitted(fleet, 80, 24)
    assert camera is not None
    moved = [destination(place, 45, 10) for place in fleet]
    assert refitted(camera, moved, 80, 24) is camera
    assert refitted(camera, [HERE, destination(HERE, 90, 900)], 80, 24).metres > camera.metres
    assert refitted(camera, [HERE, destination(HERE, 90, 40)], 80, 24).metres < camera.metres
    assert refitted(camera, [], 80, 24) is camera


def test_over_the_date_line_a_fleet_is_still_together() -> None:
    fleet = [Point(179.999, -17), Point(-179.999, -17)]
    camera = fitted(fleet, 80, 24)
    assert camera is not None
    assert camera.metres < 5
    assert camera.shows(fleet, 80, 24)


@given(st.floats(CLOSEST, WIDEST), st.integers(0, 80))
@example(1626.0, 3)
@example(99999.99999999999, 5)
def test_a_scale_bar_is_as_long_as_it_says(metres: float, room: int) -> None:
    cells, said = bar(Camera(HERE, metres), room)
    assert cells <= room
    if cells:
        number, unit = said.split()
        length = float(number.replace(",", "")) * (1000 if unit == "km" else 1)
        assert cells * 2 * metres == pytest.approx(length, rel=0.3)


def test_distances_in_words() -> None:
    assert [metres_text(number) for number in (0.5, 7, 45.4, 999, 1234, 12_345)] == [
        "0.5 m", "7 m", "45 m", "999 m", "1.234 km", "12 km",
    ]  # fmt: skip


# the picture


def test_boats_point_where_they_go_and_names_stand_beside_them() -> None:
    scene = Scene([boat("Petrel", 0, 300, 45), boat("Gannet", 180, 300, None)])
    lines = picture(scene).splitlines()
    assert any("↗ Petrel" in line for line in lines)
    assert any("• Gannet" in line for line in lines)
    assert lines.index(next(line for line in lines if "Petrel" in line)) < lines.index(
        next(line for line in lines if "Gannet" in line)
    )
    plain = picture(scene, glyphs="ascii")
    assert plain.isascii()
    assert "/ Petrel" in plain
    assert "* Gannet" in plain


def test_chosen_lost_and_measured_are_read_without_colour() -> None:
    scene = Scene(
        [
            boat("Petrel", 0, 300),
            boat("Tern", 90, 300),
            boat("Gannet", 180, 300)._replace(lost=True),
        ],
        chosen="petrel",
        other="tern",
    )
    shown = picture(scene)
    assert "[Petrel]" in shown
    assert "<Tern>" in shown
    assert "× Gannet" in shown


def test_marks_the_line_wind_and_scale() -> None:
    scene = Scene(
        [boat("Petrel", 180, 60)],
        [Mark("a", "Pin end", PIN, "pin"), Mark("b", "Committee", COMMITTEE, "committee"),
         Mark("c", "Windward", destination(HERE, 0, 200), "windward")],
        (PIN, COMMITTEE),
        42.4,
        "12.3 kn",
    )  # fmt: skip
    lines = picture(scene, 70, 20).splitlines()
    assert lines[0].rstrip().endswith("wind ↙ 042° 12.3 kn")
    assert lines[-1].startswith(" N↑ ├")
    assert lines[-1].rstrip().endswith(" m")
    (line,) = [line for line in lines if "◇" in line]
    between = line[line.index("◇") + 1 : line.index("◆")]
    # No trail and no layline is as unbroken.
    assert set(between.partition("Pin end ")[2]) == {"⠒"}, "the start line"
    assert any("○ Windward" in line for line in lines)


def test_who_is_outside_is_counted() -> None:
    scene = Scene([boat("Petrel", 0, 0), boat("Gannet", 90, 9000)])
    lines = text(draw(scene, Camera(HERE, 2.0), 60, 12))
    assert lines[-1].rstrip().endswith("1 outside")
    assert not any("Gannet" in line for line in lines)


def test_boats_in_one_cell_are_counted_under_one_name() -> None:
    scene = Scene([boat(name, 0, 0) for name in ("Petrel", "Gannet", "Tern")], chosen="tern")
    shown = "\n".join(text(draw(scene, Camera(HERE, 5.0), 60, 12)))
    assert "[Tern] +2" in shown
    assert "Petrel" not in shown


def test_names_never_cover_each_other_and_stay_where_they_were() -> None:
    fleet = [boat(f"Boat {number:02}", number * 36, 12) for number in range(10)]
    camera = Camera(HERE, 2.0)
    drawn = draw(Scene(fleet), camera, 80, 24)
    shown = "\n".join(text(drawn))
    assert len(drawn.sides) >= 6
    for one in fleet:
        assert (one.name in shown) is (one.key in drawn.sides), one.name
    # The first boat goes elsewhere: the room that its name took stays empty for now.
    kept = draw(Scene(fleet[1:]), camera, 80, 24, sides=drawn.sides).sides
    assert all(kept[key] == side for key, side in drawn.sides.items() if key in kept)


def test_a_name_stands_against_no_other_boat_where_there_is_another_place() -> None:
    for cells in (6, 7):
        # At its right the name would end where the other boat is.
        scene = Scene([boat("Tern", 90, 25), boat("Wren", 270, 5 * cells)])
        drawn = draw(scene, Camera(HERE, 5.0), 60, 12)
        (line,) = (line for line in text(drawn) if "Wren" in line)
        assert line.strip().startswith("Wren ↑")
        again = draw(scene, Camera(HERE, 5.0), 60, 12, sides=drawn.sides)
        assert again.sides == drawn.sides, "it does not go to and fro"


def test_each_boat_has_one_colour_and_the_chosen_ones_trail_is_heavy() -> None:
    boats = []
    for number, (name, towards) in enumerate((("A", 300.0), ("B", 0.0), ("C", 60.0))):
        end = destination(HERE, towards, 300)
        trail = [destination(HERE, towards, 30 * step) for step in range(1, 10)]
        boats.append(Boat(name, name, end, 0.0, trail, ink=INKS[number]))
    camera = fitted([one.place for one in boats] + [HERE], 60, 16)
    assert camera is not None

    def inked(scene: Scene) -> dict[str, tuple[str, ...]]:
        """Of each colour the cells that are drawn in it, from the top down."""
        found: dict[str, str] = {}
        for line in draw(scene, camera, 60, 16).lines:
            for cell, role in zip(line.cells, line.roles, strict=True):
                if cell.strip():
                    found[role] = found.get(role, "") + cell
        return {role: tuple(cells) for role, cells in found.items()}

    plain = inked(Scene(boats))
    assert {*INKS[:3], "text"} <= {*plain}
    assert sorted(plain["text"]) == ["A", "B", "C"], "names are written as all text is"
    assert all("↑" in plain[ink] for ink in INKS[:3]), "a boat is as its trail"
    chosen = inked(Scene(boats, chosen="B"))
    assert INKS[1] not in chosen

    def dots(cells: tuple[str, ...]) -> int:
        return sum((ord(cell) - 0x2800).bit_count() for cell in cells if ord(cell) >= 0x2800)

    assert dots(chosen["key"]) > 1.8 * dots(plain[INKS[1]])
    assert dots(chosen[INKS[0]]) == dots(plain[INKS[0]])


def test_a_trail_has_the_gaps_that_its_data_has() -> None:
    way = [destination(HERE, 90, metres) for metres in range(0, 400, 20)]
    whole = Boat("a", "", way[-1], 90, way)
    holed = whole._replace(trail=[*way[:8], None, *way[12:]])
    camera = fitted([way[0], way[-1]], 60, 12)
    assert camera is not None

    def dots(one: Boat) -> int:
        return sum(
            "⠀" < cell <= "⣿"
            for line in draw(Scene([one]), camera, 60, 12).lines
            for cell in line.cells
        )

    assert 0 < dots(holed) <= dots(whole) - 6


@given(
    st.lists(
        st.tuples(st.text(max_size=30), st.floats(0, 360), st.floats(0, 2000), st.booleans()),
        max_size=12,
    ),
    st.sampled_from(SETS),
    st.integers(1, 100),
    st.integers(1, 30),
    st.floats(0.05, 50),
)
def test_whatever_the_names_every_line_is_as_wide_as_the_map(
    fleet: list[tuple[str, float, float, bool]],
    glyphs: GlyphSet,
    width: int,
    height: int,
    metres: float,
) -> None:
    boats = [
        boat(name, towards, way)._replace(
            key=str(number), lost=lost, trail=[HERE, None, destination(HERE, towards, way)]
        )
        for number, (name, towards, way, lost) in enumerate(fleet)
    ]
    scene = Scene(boats, [Mark("m", "海上 mark", HERE)], (PIN, COMMITTEE), 350, "9 kn", "0", "m")
    drawn = draw(scene, Camera(HERE, metres), width, height, glyphs=glyphs)
    assert len(drawn.lines) == height
    for line in drawn.lines:
        assert len(line.cells) == len(line.roles) == width
        assert cell_len("".join(line.cells)) == width
        assert "".join(line.cells).isprintable()


# the widget


class Watched(Track):
    """Notes what it asks to have painted."""

    def __init__(self, glyphs: GlyphSet = "braille") -> None:
        super().__init__(glyphs=glyphs)
        self.asked: list[Region] = []

    def refresh(self, *regions: Region, **options: bool) -> Track:  # type: ignore[override]
        self.asked += regions
        return super().refresh(*regions, **options)


FLEET = Scene([boat("Petrel", 0, 300, 45), boat("Gannet", 180, 300)])


def moved(scene: Scene, metres: float) -> Scene:
    first, *rest = scene.boats
    return scene._replace(boats=[first._replace(place=destination(first.place, 90, metres)), *rest])


async def test_only_lines_that_changed_are_painted() -> None:
    track = Watched()
    async with Host(track).run_test(size=(80, 24)) as pilot:
        track.show(FLEET)
        await settle(pilot)
        before = lines_of(track)
        track.asked.clear()
        assert track.show(FLEET) == 0
        assert not track.asked
        cells = track.show(moved(FLEET, 40))
        assert 0 < cells < 60
        assert {region.y for region in track.asked} == {
            y
            for y, (old, new) in enumerate(zip(before, lines_of(track), strict=True))
            if old != new
        }
        await settle(pilot)


async def test_a_map_that_was_moved_stays_there() -> None:
    track = Track()
    async with Host(track, notes=(Track.Steered,)).run_test(size=(80, 24)) as pilot:
        track.show(FLEET)
        start = track.camera
        assert start is not None
        track.pan(1, 0)
        track.pan(1, 0)
        await settle(pilot)
        assert track.camera is not None
        assert direction(start.centre, track.camera.centre) == pytest.approx(90, abs=0.1)
        assert distance(start.centre, track.camera.centre) == pytest.approx(
            2 * 10 * 2 * start.metres, rel=0.01
        )
        assert track.aim == "free"
        here = track.camera
        track.show(moved(FLEET, 2000))
        assert track.camera == here
        track.aim_at("all")
        assert track.camera.shows(track.scene.places(), 80, 24)


async def test_the_mouse_drags_the_map_comes_closer_and_picks_boats() -> None:
    track = Track()
    app = Host(track, notes=(Track.Picked,))
    async with app.run_test(size=(80, 24)) as pilot:
        track.show(FLEET)
        for y, line in enumerate(track._lines):
            # A space as well: with few colours a role may have a ground of its own.
            styles = [palette_of(app).plain[role] for role in line.roles]
            looks = zip(line.cells, styles, strict=True)
            drawn = [(sign, each.style) for each in track.render_line(y) for sign in each.text]
            assert drawn == [(sign, style) for cell, style in looks for sign in cell]
        first = FLEET.boats[0]
        assert track.camera is not None
        x, y = (round(cell) for cell in track.camera.cell(first.place, 80, 24))
        await pilot.click(track, offset=(x + 1, y))
        assert [one.key for one in app.heard(Track.Picked)] == [first.key]  # type: ignore[attr-defined]
        assert track.boat_at(0, 0) == ""
        start = track.camera
        await pilot.mouse_down(track, offset=(40, 12))
        await pilot.hover(track, offset=(30, 9))
        await pilot.mouse_up(track, offset=(30, 9))
        assert track.aim == "free"
        here = track.camera.cell(start.centre, 80, 24)
        assert here == pytest.approx((30, 9), abs=0.01), "the water goes with the pointer"
        assert not app.heard(Track.Picked), "a boat that is dragged over is not picked"
        await pilot.hover(track, offset=(5, 5))
        assert track.camera.cell(start.centre, 80, 24) == here, "let go"
        await pilot._post_mouse_events([events.MouseScrollUp], track, (30, 9), button=0)
        assert track.camera.metres < start.metres
        assert track.camera.cell(start.centre, 80, 24) == pytest.approx((30, 9), abs=0.01)
        await pilot._post_mouse_events([events.MouseScrollDown], track, (3, 3), button=0)
        assert track.camera.metres == pytest.approx(start.metres)


async def test_a_followed_boat_stays_in_the_middle() -> None:
    track = Track()
    async with Host(track).run_test(size=(80, 24)):
        track.show(FLEET._replace(chosen="petrel"))
        track.zoom(8)
        track.aim_at("follow")
        for step in range(1, 30):
            scene = moved(track.scene, step)
            track.show(scene)
            assert track.camera is not None
            assert track.camera.shows([scene.boats[0].place], 80, 24, 0.2)


async def test_a_map_without_anything_is_empty_and_one_of_another_size_is_drawn_anew() -> None:
    track = Track()
    async with Host(track).run_test(size=(80, 24)) as pilot:
        assert set("".join(lines_of(track))) == {" "}
        track.zoom(1)
        track.show(FLEET)
        await pilot.resize_terminal(40, 10)
        # With the next frame.
        await until(pilot, lambda: track.size == (40, 10))
        lines = lines_of(track)
        assert len(lines) == 10
        assert any("Petrel" in line for line in lines)


def test_a_wide_character_is_painted_whole() -> None:
    old = MapLine(("a", "海", "", "b"), ("text",) * 4)
    assert changed_cells(old, MapLine(("a", "x", "y", "b"), ("text",) * 4)) == (1, 2)
    assert changed_cells(old, old._replace(roles=("text", "text", "key", "text"))) == (1, 2)
    assert changed_cells(old, old._replace(cells=("a", "上", "", "b"))) == (1, 2)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3000)), min_size=1, max_size=12))
def test_of_boats_on_several_waters_those_of_one_are_shown(fleet: list[tuple[int, int]]) -> None:
    waters = (Point(10.2, 54.4), Point(174.8, -36.8), Point(179.999, 80.0), Point(10.2, 55.4))
    places = [destination(waters[water], 90, metres) for water, metres in fleet]
    sizes = {water: sum(one == water for one, _ in fleet) for water, _ in fleet}
    for (water, _), place in zip(fleet, places, strict=True):
        found = together(places, place)
        assert sorted(found, key=repr) == sorted(
            (one for one, (other, _) in zip(places, fleet, strict=True) if other == water), key=repr
        )
    assert len(together(places, None)) == max(sizes.values())
    assert together([], None) == []


def test_a_fleet_in_a_long_row_is_one() -> None:
    row = [destination(Point(10.0, 54.0), 90, 40_000.0 * number) for number in range(12)]
    assert len(together(row[::-1], row[3])) == 12
