"""Frames that draw only what is seen: the same cells as Textual's, for fewer lines."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from textual._compositor import Compositor
from textual.app import ComposeResult, RenderResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tests.widgets.hosts import Host, settle
from tui.widgets.compositor import FrugalCompositor

SIZE = (60, 20)
WORD = "abc深èf "


class Patch(Widget):
    """Text of its own anywhere on the screen, over or under the others; notes what it draws."""

    def __init__(self, chance: random.Random, name: str) -> None:
        super().__init__()
        self.word, self.drawn = name * 2 + WORD, list[Region]()
        styles = self.styles
        styles.position, styles.layer = "absolute", chance.choice(["low", "high"])
        styles.offset = chance.randrange(-10, 55), chance.randrange(-5, 18)
        styles.width, styles.height = chance.randrange(1, 40), chance.randrange(1, 14)
        if chance.random() < 0.5:
            styles.border = ("round", "red")
        if chance.random() < 0.3:
            styles.opacity = 0.5

    def render(self) -> RenderResult:
        return self.word * 40

    def render_lines(self, crop: Region) -> list[Strip]:
        self.drawn.append(crop)
        return super().render_lines(crop)


class Sheet(Widget):
    """Holds patches, some of which it cuts off."""

    DEFAULT_CSS = "Sheet { layers: low high; width: 50; height: 1fr; overflow: hidden; }"

    def __init__(self, patches: Sequence[Patch]) -> None:
        super().__init__()
        self.patches = patches

    def compose(self) -> ComposeResult:
        yield from self.patches


def cells(compositor: Compositor, regions: Sequence[Region], *, frugal: bool) -> list[object]:
    """What is drawn of some regions: the pieces of each of their lines, by their left edge."""
    kind = FrugalCompositor if frugal else Compositor
    crop = Region.from_union(regions).intersection(compositor.size.region)
    lines = {y for region in regions for y in region.line_range}
    chops = kind._render_chops(compositor, crop, lines.__contains__)
    return [
        (y, x, strip and list(strip))
        for y in sorted(lines)
        for (x, strip), end in zip(chops[y].items(), compositor.cuts[y][1:], strict=True)
        if any(region.overlaps(Region(x, y, end - x, 1)) for region in regions)
    ]


@pytest.mark.parametrize("seed", range(4))
async def test_the_cells_are_those_of_textual(seed: int) -> None:
    chance = random.Random(seed)
    patches = [Patch(chance, name) for name in "ABCDEF"]
    async with Host(Sheet(patches)).run_test(size=SIZE) as pilot:
        await settle(pilot)
        compositor = pilot.app.screen._compositor
        for turn in range(25):
            regions = []
            for _ in range(chance.randrange(1, 4)):
                x, y = chance.randrange(SIZE[0]), chance.randrange(SIZE[1])
                width = chance.randrange(1, SIZE[0] + 1 - x)
                regions.append(Region(x, y, width, chance.randrange(1, SIZE[1] + 1 - y)))
            changed = chance.choice(patches)
            changed.word = f"{turn}{WORD}"
            changed.refresh()
            found = cells(compositor, regions, frugal=True)
            for one in patches:
                one._styles_cache.clear()
            assert found == cells(compositor, regions, frugal=False), regions
            assert found


async def test_one_line_that_changed_is_the_only_one_that_is_drawn() -> None:
    chance = random.Random(7)
    above, below = Patch(chance, "A"), Patch(chance, "B")
    for one, layer in ((above, "high"), (below, "low")):
        one.styles.offset, one.styles.layer = (0, 0), layer
        one.styles.width, one.styles.height = 20, 10
        one.styles.border = ("none", "red")
    below.styles.height = 12
    async with Host(Sheet([above, below])).run_test(size=SIZE) as pilot:
        await settle(pilot)
        # The first frame: what lies under the upper one is not drawn.
        assert {crop.y for crop in below.drawn} == {10}
        above.drawn.clear()
        below.drawn.clear()
        above.refresh(Region(0, 3, 5, 1))
        below.refresh(Region(0, 11, 5, 1))
        await settle(pilot)
        assert above.drawn == [Region(0, 3, 20, 1)]
        assert below.drawn == [Region(0, 11, 20, 1)]
