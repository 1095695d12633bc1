"""The whole sky above the station."""
