"""What Today shows: its parts, the agenda, what waits, the hours."""
