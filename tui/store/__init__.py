"""What this program keeps on disk: changes, mirrored records, the index of the search, drafts."""
