"""Light curves made of captures: folded, against time, power spectra and event lists."""
