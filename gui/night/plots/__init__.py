"""Figures of a night against time."""
