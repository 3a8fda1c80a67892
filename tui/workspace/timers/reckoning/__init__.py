"""Reckoning of hours: by day, tracker and tree, rounded beside the exact figure. Pure."""
