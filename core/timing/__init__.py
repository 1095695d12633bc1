"""When a frame was taken, as a phase of the pulsar: sites, par files, PINT kept offline, phases.

Start with `load_ephemeris` (ephemeris), `find_site` (sites) and `PhaseModel` (phase).
"""
