"""Tocks: feeds, single tocks, follows, submissions (TickTocker)."""
