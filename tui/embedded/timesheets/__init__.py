"""iBuildApp Timesheets: 85 calls under /api/{app}, and three that are left over elsewhere."""

from __future__ import annotations

from tui.embedded.context import Service
from tui.embedded.timesheets.access import ground
from tui.embedded.timesheets.answers import failure
from tui.embedded.timesheets.routes import routes
from tui.embedded.timesheets.schema import TABLES
from tui.embedded.timesheets.seed import seed
from tui.embedded.timesheets.work import move

SERVICE = Service(
    name="timesheets",
    prefix="/timesheets",
    schema=TABLES,
    routes=routes,
    seed=seed,
    failure=failure,
    ground=ground,
    move=move,
)
