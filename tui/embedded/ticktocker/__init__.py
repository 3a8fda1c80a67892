"""TickTocker: a community's events ("tocks"), with streams, following, submitting, and a throttle.

Source: the TickTocker API 1.0 page of 31 October 2010; what it leaves open is decided here and
said where it is.
"""

from __future__ import annotations

from tui.embedded.context import Context, Service
from tui.embedded.ticktocker.routes import failure, routes
from tui.embedded.ticktocker.tables import SCHEMA, ground, move


def _seed(context: Context) -> None:
    # Once the sample is there nobody needs what makes it.
    from tui.embedded.ticktocker.seed import seed

    seed(context)


SERVICE = Service(
    name="ticktocker",
    prefix="/ticktocker",
    schema=SCHEMA,
    routes=routes,
    seed=_seed,
    failure=failure,
    ground=ground,
    move=move,
)
