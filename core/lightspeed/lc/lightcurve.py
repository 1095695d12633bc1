"""A folded light curve: bins of phase with flux, error and exposure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError

if TYPE_CHECKING:
    from pathlib import Path

    from astropy.io.fits import Header
    from numpy.typing import ArrayLike, NDArray

    from ...frames.positioned import PathLike

    Numbers = NDArray[np.float64]

EDGE_TOLERANCE = 1e-6
ELECTRONS, PHOTONS = "electron/s", "ph/s"
# Columns of counted things add up, SKY is averaged, errors add in quadrature.
COUNTED = ("COUNT", "NLOST", "SATURATED")
ERRORS = ("ERROR_POISSON", "SKY_ERROR")


@dataclass(eq=False)
class Lightcurve:
    """Flux of a source in bins of phase.

    Parameters
    ----------
    phase_lo, phase_hi : array_like of float, shape (n_bins,)
        Edges of the bins in turns.
    flux : array_like of float, shape (n_bins,)
        Per second, in `unit`; NaN in a bin without exposure.
    error : array_like of float, shape (n_bins,)
        Standard deviations of `flux`.
    exposure : array_like of float, shape (n_bins,)
        Seconds.
    columns : dict of str to ndarray
        Further numbers of each bin: SKY and SKY_ERROR (subtracted), COUNT (frames, in shares),
        NLOST (pixels cut as cosmic rays), SATURATED (frames), ERROR_POISSON.
    name : str
        Of the source.
    unit : str
        "electron/s" for detected electrons, "ph/s" for photo-electrons.
    spread_bins : float
        Bins over which the light of one frame is effectively spread; 1 for short frames.
        Neighbouring bins share noise where it is more.
    duration_s : float
        Exposure time of a frame; 0 where they differ.
    header : astropy Header or None
        What else is known.

    Raises
    ------
    NightglassError
        If the arrays differ in length.
    """

    phase_lo: Numbers
    phase_hi: Numbers
    flux: Numbers
    error: Numbers
    exposure: Numbers
    columns: dict[str, Numbers] = field(default_factory=dict)
    name: str = ""
    unit: str = ELECTRONS
    spread_bins: float = 1.0
    duration_s: float = 0.0
    header: Header | None = None

    def __post_init__(self) -> None:
        for name in ("phase_lo", "phase_hi", "flux", "error", "exposure"):
            setattr(self, name, _numbers(getattr(self, name)))
        self.columns = {name: _numbers(values) for name, values in self.columns.items()}
        own = (self.phase_lo, self.phase_hi, self.flux, self.error, self.exposure)
        lengths = {values.size for values in (*own, *self.columns.values())}
        if len(lengths) != 1:
            raise NightglassError(
                "No light curve", f"Its columns have {sorted(lengths)} bins.", "They must agree."
            )

    @property
    def n_bins(self) -> int:
        """Bins in a turn."""
        return self.flux.size

    @property
    def phase(self) -> Numbers:
        """Middle of the bins in turns."""
        return (self.phase_lo + self.phase_hi) / 2.0

    @classmethod
    def load(cls, filename: PathLike) -> Lightcurve:
        """Read a light curve of ours or of a published version; the first one of several.

        Raises
        ------
        NightglassError
            If the file cannot be read or holds no light curve.
        """
        from .curve_files import load_light_curves

        return load_light_curves(filename)[0]

    def save(self, filename: PathLike, clobber: bool = False) -> Path:
        """Write a file that the published library reads as well.

        Parameters
        ----------
        filename : path-like
            Its name.
        clobber : bool
            Whether a file of this name may be replaced.

        Raises
        ------
        NightglassError
            If it exists and `clobber` is not set, or it cannot be written; nothing is left then.
        """
        from .curve_files import save_light_curves

        return save_light_curves([self], filename, clobber=clobber)

    def __add__(self, other: Lightcurve) -> Lightcurve:
        """Average two light curves by exposure; bins without exposure do not count.

        Raises
        ------
        NightglassError
            If their bins or units differ.
        """
        if not isinstance(other, Lightcurve):
            return NotImplemented
        self._require_like(other)
        total = self.exposure + other.exposure
        shares = [_ratio(part.exposure, total) for part in (self, other)]
        return Lightcurve(
            self.phase_lo,
            self.phase_hi,
            _mean(self.flux, other.flux, shares),
            _mean_error(self.error, other.error, shares),
            total,
            self._added_columns(other, shares),
            self.name if self.name == other.name else "",
            self.unit,
            self._added_spread(other),
            self.duration_s if self.duration_s == other.duration_s else 0.0,
            None if self.header is None else self.header.copy(),
        )

    def __radd__(self, other: object) -> Lightcurve:
        """Let `sum` begin with its zero."""
        return self if other == 0 else NotImplemented

    def chi_square(self) -> tuple[float, float]:
        """Chi-square against a constant, and the degrees of freedom.

        The constant is the exposure-weighted mean. Bins that share frames scatter less about
        it: with equal correlations rho the expectation is ``n - sum rho``, and sum rho is
        `spread_bins`. Bins without exposure or error do not count.
        """
        known = np.isfinite(self.flux) & (self.error > 0) & (self.exposure > 0)
        if not known.any():
            return np.nan, 0.0
        flux, error = self.flux[known], self.error[known]
        pulls = (flux - np.average(flux, weights=self.exposure[known])) / error
        return float(pulls @ pulls), max(float(known.sum()) - self.spread_bins, 0.0)

    def pulsed_fraction(self) -> tuple[float, float]:
        """Root-mean-square pulsed fraction and its standard deviation.

        ``sqrt(mean((f - m)^2) - mean(error^2)) / m`` with m the mean flux: the noise is taken
        off, 0 where it explains all. NaN where the mean is not positive.
        """
        known = np.isfinite(self.flux) & np.isfinite(self.error)
        flux, variance = self.flux[known], self.error[known] ** 2
        if not known.any() or not flux.mean() > 0:
            return np.nan, np.nan
        mean, scatter = flux.mean(), (flux - flux.mean()) ** 2
        excess = scatter.mean() - variance.mean() * (1.0 - 1.0 / flux.size)
        fraction = np.sqrt(max(excess, 0.0)) / mean
        spread = np.sqrt((4.0 * scatter * variance + 2.0 * variance**2).sum()) / flux.size
        return float(fraction), float(
            spread / (2.0 * mean**2 * max(fraction, _least(variance, mean)))
        )

    def _require_like(self, other: Lightcurve) -> None:
        if self.n_bins != other.n_bins:
            raise _unlike(f"one has {self.n_bins} bins, another {other.n_bins}")
        edges = [(self.phase_lo, other.phase_lo), (self.phase_hi, other.phase_hi)]
        if any(np.abs(mine - theirs).max(initial=0.0) > EDGE_TOLERANCE for mine, theirs in edges):
            raise _unlike("the edges of their bins differ")
        if self.unit != other.unit:
            raise _unlike(f"one is in {self.unit}, another in {other.unit}")

    def _added_columns(self, other: Lightcurve, shares: list[Numbers]) -> dict[str, Numbers]:
        made: dict[str, Numbers] = {}
        for name in (name for name in self.columns if name in other.columns):
            mine, theirs = self.columns[name], other.columns[name]
            if name in COUNTED:
                made[name] = mine + theirs
            else:
                average = _mean_error if name in ERRORS else _mean
                made[name] = average(mine, theirs, shares)
        return made

    def _added_spread(self, other: Lightcurve) -> float:
        exposures = self.exposure.sum(), other.exposure.sum()
        if not sum(exposures) > 0:
            return self.spread_bins
        return float(np.average([self.spread_bins, other.spread_bins], weights=exposures))


def bin_edges(n_bins: int) -> Numbers:
    """Edges of equal bins of a turn, shape (n_bins + 1,)."""
    return np.arange(n_bins + 1.0) / n_bins


def _numbers(values: ArrayLike) -> Numbers:
    return np.asarray(values, np.float64)


def _ratio(part: Numbers, whole: Numbers) -> Numbers:
    return np.divide(part, whole, out=np.zeros(whole.shape), where=whole > 0)


def _mean(mine: Numbers, theirs: Numbers, shares: list[Numbers]) -> Numbers:
    """Weighted mean; NaN where nothing has a weight."""
    parts = [
        np.where(share > 0, share * values, 0.0)
        for values, share in zip((mine, theirs), shares, strict=True)
    ]
    return np.where(shares[0] + shares[1] > 0, parts[0] + parts[1], np.nan)


def _mean_error(mine: Numbers, theirs: Numbers, shares: list[Numbers]) -> Numbers:
    return np.sqrt(_mean(mine**2, theirs**2, [share**2 for share in shares]))


def _least(variance: Numbers, mean: float) -> float:
    """Smallest pulsed fraction that could be told from none, for its error."""
    return float(np.sqrt(variance.mean()) / mean) or np.inf


def _unlike(why: str) -> NightglassError:
    return NightglassError(
        "Cannot add the light curves", f"{why[0].upper()}{why[1:]}.",
        "Fold all of them in the same way.",
    )  # fmt: skip
