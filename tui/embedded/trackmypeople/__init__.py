"""TrackMyPeople: a person's time in blocks, on trackers that form a tree.

Source: the TrackMyPeople API page; what it leaves open is decided here and said where it is.
"""

from __future__ import annotations

from tui.embedded.context import Service
from tui.embedded.trackmypeople.routes import failure, routes
from tui.embedded.trackmypeople.seed import seed
from tui.embedded.trackmypeople.tables import SCHEMA, ground, move

SERVICE = Service(
    name="trackmypeople",
    prefix="/trackmypeople",
    schema=SCHEMA,
    routes=routes,
    seed=seed,
    failure=failure,
    ground=ground,
    move=move,
    pages=("/block/edit/", "/download"),
)
