"""What is kept for a person, in one archive: written here, restored on another machine."""
