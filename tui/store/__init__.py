"""What this program keeps on disk: read cache, drafts, the journal of writes."""
