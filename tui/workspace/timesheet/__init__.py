"""Timers into the timesheet: which task a tracker is, what would be entered, what was."""
