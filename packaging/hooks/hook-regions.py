"""What the compiled parts of astropy-regions import from each other, unseen by PyInstaller."""

hiddenimports = ["regions._geometry.core"]
