"""Data that move into another zone: what goes by its clocks, and what stays."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.harness import EmbeddedServer
from tui.embedded import sample
from tui.embedded.services import SERVICES
from tui.embedded.zones import local_name

ELSEWHERE = "Asia/Tokyo"


def test_open_work_falls_under_the_schedules_by_the_new_clocks_and_billed_work_stays() -> None:
    with EmbeddedServer() as server:
        database = server.context.database

        def entries() -> dict[int, tuple[int, int | None, bool]]:
            rows = database.read(
                "SELECT id, start_time, schedule_id, invoice_id IS NULL AND"
                " payment_status = 'pending' AS is_open FROM timesheets_entries"
            )
            return {
                one["id"]: (one["start_time"], one["schedule_id"], one["is_open"]) for one in rows
            }

        def zones(table: str) -> list[str]:
            return [one[0] for one in database.read(f"SELECT timezone FROM {table}")]

        before, here = entries(), server.timezone
        profiles = zones("trackmypeople_profiles").count(here)
        blocks = database.read("SELECT * FROM trackmypeople_blocks")
        sample.move(server.context, SERVICES, ELSEWHERE)
        after, schedules = (
            entries(),
            {one["id"]: one for one in database.read("SELECT * FROM timesheets_schedules")},
        )
        assert blocks == database.read("SELECT * FROM trackmypeople_blocks"), "moments stay"
        assert set(zones("deck_home")) == {ELSEWHERE}
        assert profiles
        assert zones("trackmypeople_profiles").count(ELSEWHERE) >= profiles
        assert server.context.options.timezone == ELSEWHERE
        moved = [one for one in before if before[one] != after[one]]
        assert moved
        assert all(before[one][2] for one in moved), "what is billed or paid stays as it was priced"
        for start, schedule, is_open in after.values():
            if not is_open or schedule is None:
                continue
            at = f"{datetime.fromtimestamp(start, ZoneInfo(ELSEWHERE)):%H:%M}"
            held = schedules[schedule]
            begin, end = held["start_time"], held["end_time"]
            within = at >= begin or at <= end if held["is_overnight"] else begin <= at <= end
            assert within, (at, begin, end)


def test_what_begins_anew_lives_in_the_zone_that_is_named_then(tmp_path: Path) -> None:
    with EmbeddedServer(data=tmp_path) as server:

        def told() -> tuple[str, str, str]:
            return (
                str(server.context.database.read("SELECT timezone FROM deck_home")[0][0]),
                server.context.options.timezone,
                str(json.loads((tmp_path / "data.json").read_bytes())["timezone"]),
            )

        here = server.timezone
        assert server.http("POST", f"/_deck/sample/reset?zone={ELSEWHERE}").status == 200
        assert told() == (ELSEWHERE,) * 3
        first = [
            datetime.fromtimestamp(one["start_time"], ZoneInfo(ELSEWHERE)).hour
            # What runs has begun a while ago, whatever time that was there.
            for one in server.context.database.read(
                "SELECT start_time FROM timesheets_entries WHERE end_time IS NOT NULL"
            )
        ]
        assert min(first) >= 6, "people of the sample work by day"
        assert server.http("POST", "/_deck/sample/reset?zone=Europe/Atlantis").status == 400
        assert server.http("POST", "/_deck/sample/clear").status == 200
        assert told() == (ELSEWHERE,) * 3, "none was named"
        assert server.http("POST", f"/_deck/sample/clear?zone={here}").status == 200
        assert told() == (here,) * 3
        assert server.http("POST", "/_deck/sample/clear?zone=local").status == 200
        assert told() == (local_name(),) * 3
