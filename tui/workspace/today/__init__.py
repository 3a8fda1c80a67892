"""Today: one agenda, what runs, the hours of the day and week, what waits."""
