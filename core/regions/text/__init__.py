"""Region files of DS9 and CIAO: read without loss, changed in place, written."""
