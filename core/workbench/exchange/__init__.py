"""Images, regions and the cursor to and from DS9 and the programs on a SAMP hub."""
