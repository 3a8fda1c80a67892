"""The five services, in the order in which they are mounted and seeded."""

from __future__ import annotations

from tui.embedded.context import Service
from tui.embedded.igtimi import SERVICE as IGTIMI
from tui.embedded.ticktocker import SERVICE as TICKTOCKER
from tui.embedded.timesheets import SERVICE as TIMESHEETS
from tui.embedded.timetonic import SERVICE as TIMETONIC
from tui.embedded.trackmypeople import SERVICE as TRACKMYPEOPLE

SERVICES: tuple[Service, ...] = (TIMETONIC, TICKTOCKER, IGTIMI, TRACKMYPEOPLE, TIMESHEETS)
