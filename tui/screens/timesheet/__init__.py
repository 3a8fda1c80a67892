"""Timesheet: the screen and what it is made of."""
