"""Timers: what runs, what was booked, by period (TrackMyPeople)."""
