"""What is found of TrackMyPeople: trackers, and blocks of the reports that were read."""

from __future__ import annotations

from typing import Any

from tui.workspace.search.listed import HEAVY, LIGHT, Document, Known, Listed, Listing
from tui.workspace.timers.timers import Block, Overview, Report


def describe(name: str, value: Any, known: Known) -> Listed | None:
    """The documents of one kept answer."""
    match value:
        case Overview():
            return Listed(_trackers(value))
        case Report():
            whose = name.split("/")[1]
            trackers = {one.key: one for one in known.listed("overview")}
            blocks = [one for one in value.blocks if one.time_in is not None]
            return Listed([_block(one, whose, trackers, known) for one in reversed(blocks)])
    return None


def _trackers(overview: Overview) -> list[Document]:
    documents: list[Document] = []
    above: list[str] = []
    for tracker in overview.trackers:
        del above[tracker.depth :]
        documents.append(
            Document("tracker", str(tracker.id), tracker.name, " › ".join(above), weight=HEAVY)
        )
        above.append(tracker.name)
    return documents


def _block(block: Block, whose: str, trackers: dict[str, Document], known: Known) -> Document:
    tracker = trackers.get(str(block.tracker_id))
    name = tracker.title if tracker is not None else f"tracker {block.tracker_id}"
    above = tracker.where if tracker is not None else ""
    day = known.day(block.time_in)
    return Document(
        "block",
        f"{block.id}#{day}#{whose}",
        block.description or name,
        " › ".join(filter(None, (above, name if block.description else ""))),
        day,
        block.time_in,
        LIGHT,
    )


LISTING = Listing(
    "trackmypeople",
    {"overview": Overview, "report": Report},
    describe,
)
