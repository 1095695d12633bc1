"""Bias and noise of every pixel, and how probable some electrons are in the light of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .density import NoiseDensity
from .planes import DEFAULT_SKEW, DEFAULT_WIDTH_E, Planes, require_shape
from .sources import Origin

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray

    from ...engine.jobs import JobContext
    from ...frames.positioned import PathLike
    from ..box import Box
    from ..cube import CubeHeader
    from .files import Layout
    from .sources import NoiseSource

    Numbers = NDArray[np.float64]

# The floor that the published library of March 2026 puts under its density, and its weight.
FLOOR_V1 = 0.01


class PixelProperties:
    """Biases and noise of each pixel of a data set.

    Parameters
    ----------
    bias : array_like, shape (rows, columns)
        Mean of a dark pixel in electrons, relative to the detector offset of 199.5 counts.
    widths : array_like, shape (rows, columns)
        Standard deviations in electrons.
    skew : array_like, shape (rows, columns), or None
        Skewness; None where it is not known.
    source_data_set : DataSet or None
        What it was measured from; the arrays lie on its frames.
    dest_data_set : DataSet or None
        What it is for: the arrays are cut to its subarray where there is a source as well.
    params : array_like, shape (rows, columns, 7), or None
        Telegraph noise ``[sigma, mu, A0, D+, A+, D-, A-]``, electrons.
    origin : Origin or None
        Where the arrays lie, in place of `source_data_set`.
    compat : str or None
        "v1" puts the published floor under `get_prob`; None takes the data set's conventions.
    peaks_from_bias : bool
        Whether mu is relative to the bias, as ours are, and not to the detector offset, as the
        published version of August 2026 has it although it takes the bias off the frames.

    Attributes
    ----------
    bias, widths, skew, params : ndarray of float64, or None
        As above, finite everywhere.
    shape : tuple of int
        Rows and columns.
    notices : list of str
        What did not match or was mended, as sentences.

    Raises
    ------
    NightglassError
        If the arrays differ in shape or do not cover the frames of `dest_data_set`.
    """

    def __init__(
        self,
        bias: ArrayLike,
        widths: ArrayLike,
        skew: ArrayLike | None = None,
        source_data_set: NoiseSource | None = None,
        dest_data_set: NoiseSource | None = None,
        *,
        params: ArrayLike | None = None,
        origin: Origin | None = None,
        notices: tuple[str, ...] = (),
        compat: str | None = None,
        peaks_from_bias: bool = True,
    ) -> None:
        planes, mended = Planes.of(bias, widths, skew, params).mended()
        told = [*notices, *mended]
        self.origin = origin or _origin_of(source_data_set, dest_data_set)
        if dest_data_set is not None and (origin is not None or source_data_set is not None):
            gain = dest_data_set.recipe(corrected=False).adu_per_electron
            planes, mismatches = planes.fitted(self.origin, dest_data_set.header, gain)
            self.origin = self.origin.at(dest_data_set.header, gain)
            told += [sentence for sentence in mismatches if sentence not in told]
        self._planes = planes
        self.bias, self.widths, self.skew, self.params = planes
        self.notices = told
        self.source_data_set, self.dest_data_set = source_data_set, dest_data_set
        self.compat = _compat_of(dest_data_set) if compat is None else compat
        self.peaks_from_bias = peaks_from_bias
        self._density = NoiseDensity(planes)

    @classmethod
    def default(cls, data_set: NoiseSource) -> PixelProperties:
        """Give what is taken for granted without any measurement.

        Bias 0, width 0.3 electrons, skewness 0.35, on the whole frames of the data set.
        """
        shape = data_set.header.shape
        return cls(
            np.zeros(shape),
            np.full(shape, DEFAULT_WIDTH_E),
            np.full(shape, DEFAULT_SKEW),
            dest_data_set=data_set,
        )

    @classmethod
    def from_bias(
        cls,
        source_data_set: NoiseSource,
        dest_data_set: NoiseSource | None = None,
        *,
        map_noise: bool = False,
        ctx: JobContext | None = None,
        threads: int | None = None,
    ) -> PixelProperties:
        """Measure the pixels in a capture of bias frames.

        Mean, standard deviation and skewness of at most 10,000 frames, cosmic rays left in.

        Parameters
        ----------
        source_data_set : DataSet
            Frames without light.
        dest_data_set : DataSet or None
            The result is cut to its subarray.
        map_noise : bool
            Whether the telegraph noise of every pixel is fitted as well.
        ctx : JobContext or None
            Told of the progress; checked.
        threads : int or None
            Working threads; the result does not depend on it.

        Raises
        ------
        NightglassError
            If a frame cannot be read or the bias does not cover the frames.
        Cancelled
            If the job was cancelled.
        """
        from .moments import measure_bias

        return measure_bias(
            source_data_set, dest_data_set, map_noise=map_noise, ctx=ctx, threads=threads
        )

    @classmethod
    def from_data(
        cls,
        source_data_set: NoiseSource,
        dest_data_set: NoiseSource | None = None,
        *,
        ctx: JobContext | None = None,
        threads: int | None = None,
    ) -> PixelProperties:
        """Estimate the pixels from frames of a source: right for faint ones read fast only.

        The distance of each value to the nearest whole electron is all that is used, so that it
        does not matter whether a pixel caught none or one; but gain errors grow with every
        electron, and noise wider than 0.4 electrons leaves nothing to tell (a notice counts such
        pixels). A bias is known to within whole electrons only. The noise is taken for Gaussian:
        a skewness s moves the bias by ``-(2 pi)^2 s w^3 / 6``. The skewness given is the usual
        one for the width.

        Parameters, errors
            As `from_bias`.
        """
        from .moments import measure_data

        return measure_data(source_data_set, dest_data_set, ctx=ctx, threads=threads)

    @classmethod
    def load(cls, filename: PathLike, compat: str = "") -> PixelProperties:
        """Read a file of ours or of a published version.

        Parameters
        ----------
        filename : path-like
            Written by `save` or by the published library.
        compat : str
            "v3" leaves the peaks of a published file relative to the detector offset, as that
            version uses them; ours are relative to the bias.

        Raises
        ------
        NightglassError
            If it cannot be read or is something else.
        """
        from .files import load_properties

        return load_properties(filename, compat)

    def save(self, filename: PathLike, clobber: bool = False, layout: Layout | None = None) -> Path:
        """Write a file that the published library reads as well.

        Parameters
        ----------
        filename : path-like
            The file.
        clobber : bool
            Whether a file of this name may be replaced.
        layout : {"v1", "v3"} or None
            What the third extension holds: skewness, or telegraph parameters. None takes the
            parameters where there are any. What is left goes into a later extension.

        Raises
        ------
        NightglassError
            If the file exists and `clobber` is not set, or it cannot be written.
        """
        from .files import save_properties

        return save_properties(self, filename, clobber=clobber, layout=layout)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.bias.shape
        return rows, columns

    @property
    def has_noise(self) -> bool:
        """Whether more than bias and width is known, so that densities mean something."""
        return self.skew is not None or self.params is not None

    def trimmed(self, header: CubeHeader, adu_per_electron: float | None = None) -> PixelProperties:
        """Cut to the part of the sensor that some frames show.

        Parameters
        ----------
        header : CubeHeader
            Of the frames.
        adu_per_electron : float or None
            Their gain. Where another one is known of the properties, their electrons are
            turned into those of the frames, and a notice says so.

        Raises
        ------
        NightglassError
            If the binning differs or the frames reach beyond; it says what each shows.
        """
        planes, mismatches = self._planes.fitted(self.origin, header, adu_per_electron)
        return self._twin(planes, self.origin.at(header, adu_per_electron), mismatches)

    def cropped(self, box: Box) -> PixelProperties:
        """Cut to a part of the frame, as `bbox` crops frames; the result fits those only."""
        return self._twin(self._planes.cropped(box), self.origin, ())

    def get_prob(
        self, image: ArrayLike, true_n: int, mask: NDArray[np.bool_] | None = None
    ) -> Numbers:
        """Give the probability density of the observed electrons for a true number of them.

        Parameters
        ----------
        image : array_like
            Electrons less bias, as a frame holds them: shape (rows, columns), or with a mask
            its values there, shape (n,).
        true_n : int
            Electrons that the pixel really held.
        mask : ndarray of bool, shape (rows, columns), or None
            The pixels of `image`.

        Returns
        -------
        ndarray of float64, shape of `image`
            Density per electron, of integral 1 over the observed value; NaN where `image` is.
            With ``compat="v1"`` it is ``0.99 f + 0.01`` as published, which has no integral.

        Raises
        ------
        NightglassError
            If the shapes do not fit.
        """
        values = np.asarray(image, np.float64)
        pixels = self._pixels_of(values, mask)
        density = self.density(pixels, values.reshape(-1, 1), true_n).reshape(values.shape)
        return (1.0 - FLOOR_V1) * density + FLOOR_V1 if self.compat == "v1" else density

    def density(self, pixels: NDArray[np.integer], u: ArrayLike, true_n: int) -> Numbers:
        """Give the normalised probability density for chosen pixels.

        Parameters
        ----------
        pixels : ndarray of int, shape (n,)
            Flat indices, row by row.
        u : array_like, shape (n, m) or what broadcasts with it
            Electrons less bias.
        true_n : int
            Electrons that the pixel really held.

        Returns
        -------
        ndarray of float64, shape (n, m)
            Peaks of telegraph noise where they are known, Pearson type IV elsewhere.
        """
        return self._density.at(pixels, np.atleast_2d(np.asarray(u, np.float64)) - true_n)

    def _pixels_of(self, values: Numbers, mask: NDArray[np.bool_] | None) -> NDArray[np.integer]:
        if mask is None:
            require_shape("The image", values, self.shape)
            return np.arange(self.bias.size)
        chosen = np.asarray(mask, np.bool_)
        require_shape("The mask", chosen, self.shape)
        pixels = np.flatnonzero(chosen)
        require_shape("The image under the mask", values, pixels.shape)
        return pixels

    def _twin(self, planes: Planes, origin: Origin, mismatches: tuple[str, ...]) -> PixelProperties:
        """Give the same with other planes."""
        bias, widths, skew, params = planes
        new = tuple(sentence for sentence in mismatches if sentence not in self.notices)
        made = PixelProperties(
            bias, widths, skew, self.source_data_set, params=params, origin=origin,
            notices=(*self.notices, *new), compat=self.compat,
            peaks_from_bias=self.peaks_from_bias,
        )  # fmt: skip
        made.dest_data_set = self.dest_data_set
        return made


def _compat_of(data_set: NoiseSource | None) -> str:
    return "" if data_set is None else data_set.conventions.name


def _origin_of(source: NoiseSource | None, dest: NoiseSource | None) -> Origin:
    if source is not None:
        return Origin.of(source)
    return Origin() if dest is None else Origin.of_header(dest.header)
