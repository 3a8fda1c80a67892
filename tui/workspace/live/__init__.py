"""Live feeds, recordings, past sessions as live stores, and exports of them."""
