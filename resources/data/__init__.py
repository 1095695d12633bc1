"""Tables: sites, colour maps, example ephemerides."""
