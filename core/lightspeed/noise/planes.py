"""The images that describe the pixels, kept in step with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...errors import NightglassError
from .telegraph import PARAMS, params_type

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ..box import Box
    from ..cube import CubeHeader
    from .sources import Origin
    from .telegraph import Params

    Numbers = NDArray[np.float64]

DEFAULT_WIDTH_E = 0.3
DEFAULT_SKEW = 0.35


class Planes(NamedTuple):
    """Images of the pixels in electrons; skewness and telegraph parameters where known.

    Attributes
    ----------
    bias, widths : ndarray of float64, shape (rows, columns)
    skew : ndarray of float64, shape (rows, columns), or None
    params : ndarray of float, shape (rows, columns, 7), or None
        float32 for more than a million pixels.
    """

    bias: Numbers
    widths: Numbers
    skew: Numbers | None = None
    params: Params | None = None

    @classmethod
    def of(
        cls,
        bias: ArrayLike,
        widths: ArrayLike,
        skew: ArrayLike | None = None,
        params: ArrayLike | None = None,
    ) -> Planes:
        """Take arrays as they come.

        Raises
        ------
        NightglassError
            If their shapes differ.
        """
        kind = params_type(np.size(bias))
        made = cls(
            _array(bias),
            _array(widths),
            None if skew is None else _array(skew),
            None if params is None else np.ascontiguousarray(params, kind),
        )
        made._check()
        return made

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.bias.shape
        return rows, columns

    def _check(self) -> None:
        if self.bias.ndim != 2 or 0 in self.bias.shape:
            raise wrong_shape("The bias", self.bias.shape, "rows and columns")
        require_shape("The widths", self.widths, self.shape)
        if self.skew is not None:
            require_shape("The skewness", self.skew, self.shape)
        if self.params is not None:
            require_shape("The telegraph noise", self.params, (*self.shape, PARAMS))

    def mended(self) -> tuple[Planes, tuple[str, ...]]:
        """Give pixels without a value the median one; the published library loses them silently.

        Returns
        -------
        planes : Planes
            Finite but for telegraph parameters, whose gaps mark pixels that were not fitted.
        notices : tuple of str
            A sentence if there were such pixels.
        """
        lost = ~(np.isfinite(self.bias) & np.isfinite(self.widths) & (self.widths >= 0.0))
        skew = self.skew
        if skew is not None and not np.isfinite(skew).all():
            skew = np.where(np.isfinite(skew), skew, 0.0)
        if not lost.any():
            return self._replace(skew=skew), ()
        bias = median_where(lost, self.bias, 0.0)
        widths = median_where(lost, self.widths, DEFAULT_WIDTH_E)
        return self._replace(bias=bias, widths=widths, skew=skew), (
            f"Pixels without a bias or width: {np.count_nonzero(lost)}; they get the median ones.",
        )

    def fitted(
        self, origin: Origin, header: CubeHeader, adu_per_electron: float | None
    ) -> tuple[Planes, tuple[str, ...]]:
        """Cut to the part of the sensor that some frames show, in electrons of their gain.

        See `Origin.cut`; sentences tell what did not match.
        """
        bias, told = origin.cut(self.bias, header)
        rest = (None if one is None else origin.cut(one, header)[0] for one in self[1:])
        made = Planes(bias, *rest)  # type: ignore[arg-type]
        known = origin.adu_per_electron
        if known is None or adu_per_electron is None or abs(known / adu_per_electron - 1) < 1e-6:
            return made, told
        gains = (
            f"The bias was measured with {known:g} counts per electron, the frames have "
            f"{adu_per_electron:g}: it was scaled to theirs."
        )
        return made.scaled(known / adu_per_electron), (*told, gains)

    def scaled(self, factor: float) -> Planes:
        """Give the same with electrons so many times larger."""
        params = self.params
        if params is not None:
            # Amplitudes are no electrons.
            params = params * np.where([1, 1, 0, 1, 0, 1, 0], factor, 1.0).astype(params.dtype)
        return Planes(self.bias * factor, self.widths * factor, self.skew, params)

    def cropped(self, box: Box) -> Planes:
        """Cut to a box of the frame."""
        part = (slice(box.bottom, box.top), slice(box.left, box.right))
        rest = (None if one is None else np.ascontiguousarray(one[part]) for one in self[1:])
        return Planes(np.ascontiguousarray(self.bias[part]), *rest)  # type: ignore[arg-type]


def median_where(lost: NDArray[np.bool_], plane: Numbers, otherwise: float) -> Numbers:
    """Put the median of the other pixels where one is lost, or `otherwise` if all are."""
    known = plane[~lost]
    return np.where(lost, np.median(known) if known.size else otherwise, plane)


def require_shape(what: str, found: NDArray[np.generic], wanted: tuple[int, ...]) -> None:
    """Make sure of a shape.

    Raises
    ------
    NightglassError
        If it is another.
    """
    if found.shape != wanted:
        raise wrong_shape(what, found.shape, " x ".join(map(str, wanted)))


def wrong_shape(what: str, found: tuple[int, ...], wanted: str) -> NightglassError:
    """Say that a shape is not the one wanted."""
    return NightglassError(
        "The pixel properties do not fit",
        f"{what} has the shape {' x '.join(map(str, found)) or 'of one number'}, not {wanted}.",
        "Cut it to the same part of the frame.",
    )


def _array(numbers: ArrayLike) -> Numbers:
    return np.ascontiguousarray(numbers, np.float64)
