"""What is left out of the wall's small graphs is marked in them: exactly where it lies."""

from __future__ import annotations

from datetime import UTC

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.live.store import FeedStore
from tui.screens.live.drawing import Drawing
from tui.screens.live.layout import layout_of
from tui.screens.live.rows import row_specs
from tui.workspace.live.live import TYPES
from tui.workspace.live.presets import Arrangement

KEY = ("A", 9, 0)
NOW = 1_760_000_000_000


class Wall:
    """One row, drawn as samples come."""

    def __init__(self) -> None:
        self.store = FeedStore()
        self.store.add([(KEY, [NOW - 1000], [[10.0]])])
        self.drawing = Drawing("braille", UTC)
        self.drawing.store = self.store
        self.drawing.arrangement = Arrangement(types=(9,), window=60)
        self.drawing.layout = layout_of(120, by_type=False)
        (self.spec,) = row_specs(self.store, "A", str, TYPES, self.drawing.arrangement, NOW)
        self.clock = 100.0

    def tick(self, now: int) -> list[str]:
        """Draw; the texts that were written into the graph."""
        self.clock += 0.1
        drawn = self.drawing.tick([self.spec], now, self.clock)
        edge = self.drawing.layout.name + self.drawing.layout.chart
        return ["".join(run[0] for run in one.runs) for one in drawn.changes if one.left < edge]

    @property
    def marked(self) -> set[int]:
        """The cells that are marked."""
        text = self.drawing.row(self.spec).chart.text
        return {place for place, sign in enumerate(text) if sign == "?"}

    @property
    def wanted(self) -> set[int]:
        """The cells in which something stands apart."""
        frame, series = self.drawing.frame, self.store.series(self.spec.key)  # type: ignore[arg-type]
        assert frame is not None
        assert series is not None
        places = [frame.column_of(time) for time, _ in series.suspects(0, NOW * 2)]
        return {place // self.drawing.per_cell for place in places if place is not None}


def test_a_spike_is_marked_and_not_written_again() -> None:
    wall = Wall()
    assert not any("?" in text for text in wall.tick(NOW))
    wall.store.add([(KEY, [NOW + 2000], [[150.0]])])
    assert any("?" in text for text in wall.tick(NOW + 2000))
    wall.store.add([(KEY, [NOW + 4000], [[10.5]])])
    assert not any("?" in text for text in wall.tick(NOW + 4000))
    assert len(wall.marked) == 1
    assert wall.marked == wall.wanted
    wall.store.add([(KEY, [NOW + 5000, NOW + 6000], [[150.0, 150.0]])])
    wall.tick(NOW + 6000)
    assert wall.marked == wall.wanted, "two that are alike are true"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-40, 5), st.sampled_from((10.0, 11.0, 150.0, 300.0))), max_size=25
    )
)
def test_marks_stand_where_samples_stand_apart_however_they_came(
    samples: list[tuple[int, float]],
) -> None:
    wall, now = Wall(), NOW
    for after, value in samples:
        now += 1000 * max(1, after)
        wall.store.add([(KEY, [now + 1000 * min(0, after)], [[value]])])
        # What stands apart behind the newest sample is marked with the next that is shown.
        wall.store.add([(KEY, [now + 500], [[10.0]])])
        wall.tick(now + 500)
        assert wall.marked == wall.wanted
    wall.drawing.forget()
    wall.tick(now + 500)
    assert wall.marked == wall.wanted
