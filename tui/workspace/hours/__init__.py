"""Hours of other programs: their logs in, ours out."""
