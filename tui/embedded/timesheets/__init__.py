"""iBuildApp Timesheets: 85 calls under /api/{app}, and three that are left over elsewhere."""

from __future__ import annotations

from tui.embedded.context import Context, Service
from tui.embedded.timesheets.access import ground
from tui.embedded.timesheets.answers import failure
from tui.embedded.timesheets.routes import routes
from tui.embedded.timesheets.schema import TABLES
from tui.embedded.timesheets.work import move


def _seed(context: Context) -> None:
    # Once the sample is there nobody needs what makes it.
    from tui.embedded.timesheets.seed import seed

    seed(context)


SERVICE = Service(
    name="timesheets",
    prefix="/timesheets",
    schema=TABLES,
    routes=routes,
    seed=_seed,
    failure=failure,
    ground=ground,
    move=move,
)
