"""FITS files that are either whole or as they were."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..atomic import replacing
from ..errors import translate

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence


def replace_fits(path: str | os.PathLike[str], hdus: Sequence[Any]) -> Path:
    """Write FITS units as one file; an older one of this name is replaced.

    Parameters
    ----------
    path : path-like
    hdus : sequence of astropy HDUs
        The first one a primary.

    Raises
    ------
    NightglassError
        If the folder cannot be written or the disk is full.
    """
    from astropy.io import fits

    final = Path(path)
    try:
        with replacing(final) as temporary:
            fits.HDUList(list(hdus)).writeto(temporary, overwrite=True)
    except OSError as error:
        raise translate(error, final) from error
    return final
