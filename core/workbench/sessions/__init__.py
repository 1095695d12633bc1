"""The session as a file: saved, opened, saved by itself, and had back after a bad end."""
