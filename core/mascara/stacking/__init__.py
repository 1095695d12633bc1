"""The binned image of a batch."""
