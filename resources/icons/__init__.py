"""Icons, drawn as SVG and coloured by the theme."""
