"""iBuildApp Timesheets: clients, projects, tasks, time entries and invoices."""

from tui.services.timesheets.client import Timesheets

__all__ = ["Timesheets"]
