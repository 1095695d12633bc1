"""All cubes of a capture as one series of frames."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import NightglassError
from .accounting import Accounting, account, missing_numbers
from .membership import why_not
from .open_cubes import OpenCubes
from .series import Series
from .times import (
    ENOUGH_DIFFERENCES,
    ConstantTerm,
    MidExposure,
    TimeModel,
    build_model,
    frame_spacing,
    parse_gps,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ..frames.encoding import Encoding
    from ..frames.times import FrameTime, FrameTimes, TimeQuality
    from .cube import CubeHeader, Stamps

_USUAL_CONSTANT = MidExposure()


class Capture:
    """The frames of a capture, a `FrameSource`.

    Reading is safe from any thread while another adds or drops cubes.

    Parameters
    ----------
    cubes : iterable of CubeHeader
        Cubes that belong together (`choose_members`), at least one.
    live : bool
        Whether its files may still change: then none is mapped into memory.
    constant : ConstantTerm or None
        Constant part of the time model; the usual half exposure and half readout if None.
    left_out : sequence of NightglassError
        Files of this capture that cannot be used, and why.
    mapping : bool or None
        Forces mapped or positioned reading of finished files; None decides by file.

    Raises
    ------
    ValueError
        If there is no cube.
    """

    def __init__(
        self,
        cubes: Iterable[CubeHeader],
        *,
        live: bool = False,
        constant: ConstantTerm | None = None,
        left_out: Sequence[NightglassError] = (),
        mapping: bool | None = None,
    ) -> None:
        self._series = Series.of(cubes)
        if not self._series.cubes:
            raise ValueError("a capture needs at least one cube")
        self._lock = threading.RLock()
        self._constant = constant or _USUAL_CONSTANT
        self._open = OpenCubes(False if live else mapping)
        self._stamps: dict[int, tuple[CubeHeader, Stamps]] = {}
        self._model: TimeModel | None = None
        self._model_settled = False
        self._times: FrameTimes | None = None
        self._accounting: Accounting | None = None
        self._generation = 0
        self._closed = False
        self.left_out = tuple(left_out)

    @property
    def header(self) -> CubeHeader:
        """Header of the first cube."""
        return self._series.cubes[0]

    @property
    def cubes(self) -> tuple[CubeHeader, ...]:
        """Headers of all cubes, in order of number."""
        return self._series.cubes

    @property
    def name(self) -> str:
        """Object and local start."""
        header = self.header
        return f"{header.object_name}_{header.start}" if header.start else header.object_name

    @property
    def object_name(self) -> str:
        """What the observer called it."""
        return self.header.object_name

    @property
    def path(self) -> Path:
        """File of the first cube, which stands for the capture."""
        return self.header.path

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of one frame."""
        return self.header.shape

    @property
    def encoding(self) -> Encoding:
        """How `read_raw` gives its numbers."""
        return self.header.encoding

    @property
    def n_frames(self) -> int:
        """Frames in all cubes."""
        return self._series.n_frames

    @property
    def generation(self) -> int:
        """Version of the frames already numbered, and of their times."""
        return self._generation

    @property
    def frames_per_bundle(self) -> int:
        """Frames that share one stamp."""
        return self.header.frames_per_bundle

    @property
    def exposure_s(self) -> float | None:
        """EXPOSURE TIME."""
        return self.header.exposure_s

    @property
    def readout_s(self) -> float | None:
        """TIMING READOUT TIME."""
        return self.header.readout_s

    @property
    def interval_s(self) -> float:
        """Time from frame to frame, from the stamps."""
        return self.time_model().interval_s

    @property
    def time_quality(self) -> TimeQuality:
        """Where the zero point of the times comes from."""
        return self.time_model().quality

    @property
    def detector_offset(self) -> tuple[int, int]:
        """Detector column and row of the first pixel."""
        return self.header.detector_offset

    @property
    def missing_cubes(self) -> tuple[int, ...]:
        """Numbers absent between the lowest and the highest."""
        return missing_numbers([header.number for header in self.cubes])

    def locate(self, index: int) -> tuple[CubeHeader, int]:
        """Cube of a frame and the frame's number in it, from 0.

        Raises
        ------
        IndexError
            If there is no such frame.
        """
        return self._series.locate(index)

    def read_raw(
        self, index: int, rows: slice | None = None, into: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Stored counts of a frame; see `FrameSource.read_raw`."""
        header, place = self._series.locate(index)
        self._check_open()
        return self._open.get(header).raw(place, rows, into)

    def read(self, index: int, rows: slice | None = None) -> NDArray[Any]:
        """Counts of a frame in a fresh native array."""
        return self.encoding.decode(self.read_raw(index, rows))

    @property
    def mapped(self) -> bool:
        """Whether the first cube is read through a map at present."""
        return self._open.get(self.header).mapped

    def stamps(self, header: CubeHeader) -> Stamps:
        """Stamps of one cube, read once."""
        known = self._stamps.get(header.number)
        if known is None or known[0] is not header:
            self._check_open()
            known = self._stamps[header.number] = header, self._open.get(header).timestamps()
        return known[1]

    def time_model(self) -> TimeModel:
        """How stamps become times, with all assumptions."""
        model = self._model
        if model is not None:
            return model  # without the lock: the window asks this for every frame it shows
        with self._lock:
            if self._model is None:
                self._model = self._build_model()
            return self._model

    def _build_model(self) -> TimeModel:
        sample: list[tuple[CubeHeader, Stamps]] = []
        bundles = 0
        for header, stamps in self._readable():
            sample.append((header, stamps))
            bundles += header.bundles
            if bundles > ENOUGH_DIFFERENCES + len(sample):
                break
        first, first_stamps = sample[0]
        cubes = self.cubes[self.cubes.index(first) :]
        spacing = frame_spacing([(header.number, stamps) for header, stamps in sample], first)
        model = build_model(cubes, first_stamps, spacing, self._constant)
        self._model_settled = spacing.settled and first.number <= 1
        return model

    def _readable(self) -> Iterator[tuple[CubeHeader, Stamps]]:
        """Cubes whose stamps can be read, with them.

        Raises
        ------
        NightglassError
            If there is none, with the reason.
        """
        failure: NightglassError | None = None
        is_empty = True
        for header in self.cubes:
            try:
                stamps = self.stamps(header)
            except NightglassError as error:
                failure = error
                continue
            is_empty = False
            yield header, stamps
        if is_empty and failure is not None:
            raise failure

    def _clocks_s(self) -> NDArray[np.float64]:
        """TIMESTAMP of every bundle; NaN throughout a cube that cannot be read."""
        known = {header.number: stamps.clock_s for header, stamps in self._readable()}
        return np.concatenate(
            [known.get(cube.number, np.full(cube.bundles, np.nan)) for cube in self.cubes]
        )

    def use_constant(self, constant: ConstantTerm) -> None:
        """Change the constant term, for instance after the settings changed."""
        with self._lock:
            if constant != self._constant:
                self._constant = constant
                self._forget(model=True)
                self._generation += 1

    def frame_time(self, index: int) -> FrameTime | None:
        """Middle of one exposure; None when nothing tells."""
        header, place = self._series.locate(index)
        bundle, place = divmod(place, header.frames_per_bundle)
        return self.time_model().middle(float(self.stamps(header).clock_s[bundle]), place)

    def frame_times(self) -> FrameTimes:
        """Middles of all exposures."""
        with self._lock:
            if self._times is None:
                self._times = self.time_model().frame_times(self._clocks_s())
            return self._times

    def elapsed_s(self) -> NDArray[np.float64]:
        """Start of every exposure in seconds since `time_model().instant`, shape (n_frames,)."""
        with self._lock:
            return self.time_model().elapsed(self._clocks_s())

    def start_time(self) -> FrameTime | None:
        """Start of the first exposure, without the constant term."""
        model, clock_s = self.time_model(), float(self.stamps(self.header).clock_s[0])
        return None if model.quality == "none" or not np.isfinite(clock_s) else model.start(clock_s)

    def accounting(self) -> Accounting:
        """Balance of captured, lost and doubled frames."""
        with self._lock:
            if self._accounting is not None:
                return self._accounting
            series, interval_s = self._series, self.interval_s
            cubes = [(header.number, stamps) for header, stamps in self._readable()]
        # Without the lock: a long capture takes a while, and cubes arrive meanwhile.
        balance = account(cubes, self.frames_per_bundle, interval_s)
        with self._lock:
            if self._series is series:
                self._accounting = balance
        return balance

    def add_cube(self, header: CubeHeader) -> None:
        """Take one more cube, or the new version of one already here.

        Raises
        ------
        NightglassError
            If it does not belong to this capture; the capture is unchanged then.
        """
        with self._lock:
            if header.number > self.cubes[-1].number:
                self._check_belongs(header, self.cubes)
                self._append(header)
                return
            others = [cube for cube in self.cubes if cube.number != header.number]
            self._check_belongs(header, others)
            self._replace([*others, header], header)

    @staticmethod
    def _check_belongs(header: CubeHeader, others: Sequence[CubeHeader]) -> None:
        stranger = why_not(header, others)
        if stranger is not None:
            raise stranger

    def _append(self, header: CubeHeader) -> None:
        self.stamps(header)
        end = self._series.starts[-1] + header.n_frames
        starts = np.append(self._series.starts, end)
        self._series = Series((*self._series.cubes, header), starts)
        # A settled model stays; only a first GPS event can still change it.
        better = self._model is not None and (
            self._model.quality != "gps" and parse_gps(header.gps_start) is not None
        )
        self._forget(model=False)
        if better or not self._model_settled:
            before = self._model
            self._renew_model()
            self._generation += self._model != before

    def drop_cube(self, number: int) -> None:
        """Let go of a cube whose file has gone; the last one stays.

        Raises
        ------
        KeyError
            If there is no such cube.
        """
        with self._lock:
            gone = {header.number: header for header in self.cubes}[number]
            others = [header for header in self.cubes if header.number != number]
            if others:
                self._replace(others, gone)

    def _replace(self, cubes: list[CubeHeader], changed: CubeHeader) -> None:
        self._series = Series.of(cubes)
        self._stamps.pop(changed.number, None)
        self._open.drop(changed.path)
        self._forget(model=False)
        self._renew_model()
        self._generation += 1

    def _renew_model(self) -> None:
        """Make the time model anew; the old one stands meanwhile, so that nobody waits for it."""
        if self._model is not None:
            try:
                self._model = self._build_model()
            except NightglassError:
                self._model = None

    def _forget(self, *, model: bool) -> None:
        """Drop what was computed from the cubes."""
        self._times = None
        self._accounting = None
        if model:
            self._model = None

    def finish(self) -> None:
        """Say that the capture has ended: its files may be mapped from now on."""
        self._open.mapping = None
        self._open.clear()

    def close(self) -> None:
        """Let go of all files."""
        self._closed = True
        self._open.clear()

    def _check_open(self) -> None:
        if self._closed:
            raise NightglassError(
                "Closed", f"{self.name} has been closed.", "Open it again.", self.path
            )
