"""Which formats hours are read and written in."""

from __future__ import annotations

READ = (
    "tockdeck", "timewarrior", "watson", "klog", "timeclock", "timedot", "org", "toggl",
    "clockify", "harvest", "kimai", "ics",
)  # fmt: skip
WRITTEN = ("csv", "json", "md", "timeclock", "ics")
