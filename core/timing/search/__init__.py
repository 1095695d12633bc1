"""Searches for the period of a pulsar: around a prediction, and blind."""
