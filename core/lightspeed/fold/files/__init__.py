"""A fold as files: tables, PRESTO's profile, times of arrival, phases of frames, a command."""
