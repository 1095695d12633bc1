"""A capture added up by phase, as images."""
