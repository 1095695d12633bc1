"""Which cubes really belong to one capture, and why the others do not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from ..errors import NightglassError
from .times import parse_gps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .cube import CubeHeader

_T = TypeVar("_T")

# What must be equal for frames to form one series, with the words to say so. All other cards
# may change from cube to cube, whether or not they are meant to.
_TRAITS: tuple[tuple[str, Callable[[CubeHeader], object]], ...] = (
    ("frames of {0[0]} x {0[1]}", lambda header: header.shape),
    ("{0} frames per bundle", lambda header: header.frames_per_bundle),
    ("pixels of type {0}", lambda header: header.encoding.native.name),
    ("readout mode {0}", lambda header: header.mode),
    ("an exposure of {0} s", lambda header: header.exposure_s),
    ("binning {0}", lambda header: header.binning),
    ("a subarray at {0}", lambda header: header.detector_offset),
)


def _traits(header: CubeHeader) -> tuple[object, ...]:
    return tuple(read(header) for _, read in _TRAITS)


def why_not(header: CubeHeader, others: Sequence[CubeHeader]) -> NightglassError | None:
    """Why a cube does not belong with others that belong together; None when it does."""
    if not others:
        return None
    wanted, given = _traits(others[0]), _traits(header)
    for (words, _), one, other in zip(_TRAITS, given, wanted, strict=True):
        if one != other:
            return _stranger(header, f"it has {words.format(one)} instead of {other}")
    mine = parse_gps(header.gps_start)
    theirs = _start_of(others)
    if mine is None or theirs is None or mine == theirs:
        return None
    return _stranger(header, f"its GPSSTART {header.gps_start} is that of another capture")


def choose_members(
    headers: Iterable[CubeHeader],
) -> tuple[list[CubeHeader], list[NightglassError]]:
    """Keep the largest set of cubes that belong together.

    Returns
    -------
    members : list of CubeHeader
        In order of number.
    left_out : list of NightglassError
        One sentence for each other cube.
    """
    ordered = sorted(headers, key=lambda header: header.number)
    members = _largest(ordered, [_traits(header) for header in ordered])
    starts = [parse_gps(header.gps_start) for header in members]
    if len(set(starts) - {None}) > 1:
        usual = _most_common([start for start in starts if start is not None])
        members = [
            header
            for header, start in zip(members, starts, strict=True)
            if start is None or start == usual
        ]
    kept = {header.path for header in members}
    reasons = [why_not(header, members) for header in ordered if header.path not in kept]
    return members, [reason for reason in reasons if reason is not None]


def _largest(headers: list[CubeHeader], traits: list[tuple[object, ...]]) -> list[CubeHeader]:
    """The headers with the commonest traits."""
    if not headers:
        return []
    usual = _most_common(traits)
    return [header for header, own in zip(headers, traits, strict=True) if own == usual]


def _most_common(items: Sequence[_T]) -> _T:
    """The commonest item; of equally common ones the first."""
    return Counter(items).most_common(1)[0][0]


def _start_of(headers: Iterable[CubeHeader]) -> object | None:
    """First readable GPSSTART."""
    return next((start for header in headers if (start := parse_gps(header.gps_start))), None)


def _stranger(header: CubeHeader, why: str) -> NightglassError:
    return NightglassError(
        "A cube does not belong",
        f"{header.path.name} is left out: {why}.",
        "Open it on its own to see it.",
        header.path,
    )
