"""Settings, where each value came from, and secrets."""
