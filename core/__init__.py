"""The library: no Qt anywhere, usable headless."""
