"""TrackMyPeople: a person's time in blocks, on trackers that form a tree.

Source: the TrackMyPeople API page; what it leaves open is decided here and said where it is.
"""

from __future__ import annotations

from tui.embedded.context import Context, Service
from tui.embedded.trackmypeople.routes import failure, routes
from tui.embedded.trackmypeople.tables import SCHEMA, ground, move


def _seed(context: Context) -> None:
    # Once the sample is there nobody needs what makes it.
    from tui.embedded.trackmypeople.seed import seed

    seed(context)


SERVICE = Service(
    name="trackmypeople",
    prefix="/trackmypeople",
    schema=SCHEMA,
    routes=routes,
    seed=_seed,
    failure=failure,
    ground=ground,
    move=move,
    pages=("/block/edit/", "/download"),
)
