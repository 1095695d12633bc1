"""The stars of a night and their light curves, to be searched, read, compared and exported."""
