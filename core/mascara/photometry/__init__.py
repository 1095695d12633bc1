"""Aperture photometry at forced positions."""
