"""The fold written to files: what is asked, and the plots as pictures."""
