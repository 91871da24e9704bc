"""Running a program of the studio's own for each still or clip."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.catalog import ModelOffer
from director_lib.engines.protocol import Capabilities, EngineResult, ProgressCallback
from director_lib.engines.script.command import CommandTemplate
from director_lib.engines.script.output import ProgramOutput
from director_lib.engines.script.presence import find_program
from director_lib.engines.script.produced import checked, find_made
from director_lib.errors import ConfigError, EngineError, InputError, OutcomeUnknownError

_PICTURES = ("output", "image", "reference")
_TEXTS = ("prompt", "motion", "negative", "stream", "segment")
_NUMBERS = ("seed", "duration_s", "width", "height", "fps")
NAMES = frozenset(_PICTURES + _TEXTS + _NUMBERS)
"""What a command template may use."""

_OUTPUTS = {Kind.KEYFRAME: "still.png", Kind.VIDEO: "clip.mp4"}
_LOG = "log.txt"
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD", re.IGNORECASE)
_SHORTEST_SECRET = 6


@dataclass(frozen=True)
class ScriptOptions:
    """How the studio's programs are called.

    Attributes:
        frame_command: Template for a still; empty when there is no program for stills.
        video_command: Template for a clip, likewise.
        folder: Where the programs run; None for the current folder.
        timeout_s: Seconds after which a program is ended.
        frame_usd: What a still is expected to cost, in US dollars.
        video_usd_per_s: What a second of a clip is expected to cost, in US dollars.
        environment: Further variables for the programs; their values are never shown.
    """

    frame_command: str = ""
    video_command: str = ""
    folder: Path | None = None
    timeout_s: float = 900.0
    frame_usd: float = 0.24
    video_usd_per_s: float = 0.05
    environment: dict[str, str] = field(default_factory=dict, repr=False)


class ScriptEngine:
    """Runs ``generate_frame.py``, ``generate_video.py`` or any other command.

    A program gets its own process group, no standard input, and no shell. What it prints tells how far it is;
    only a new, decodable file is success, whatever its exit code.
    """

    name = "script"

    def __init__(self, options: ScriptOptions) -> None:
        self._options = options
        texts = {Kind.KEYFRAME: options.frame_command, Kind.VIDEO: options.video_command}
        self._templates = {kind: CommandTemplate(text, NAMES) for kind, text in texts.items() if text.strip()}

    def capabilities(self) -> Capabilities:
        """Tell what there are programs for. They are paid unless both prices are 0."""
        paid = self._options.frame_usd > 0 or self._options.video_usd_per_s > 0
        most = int(any("reference" in template.used for template in self._templates.values()))
        return Capabilities(frozenset(self._templates), is_paid=paid, most_references=most)

    def models(self, kind: Kind) -> tuple[ModelOffer, ...]:
        """Tell what a file of the kind is expected to cost; a program has no models to choose from."""
        usd = self._options.frame_usd if kind is Kind.KEYFRAME else self._options.video_usd_per_s
        return (ModelOffer("", usd, most_references=self._references_of(kind)),)

    def check_model(self, kind: Kind, model: str) -> None:
        """Refuse every model: the program alone knows what it uses.

        Raises:
            InputError: A model was named.
        """
        if model:
            raise InputError(
                f"A program of the studio's own has no models to choose from, so “{model}” cannot be used. "
                "Leave the model out, or choose another engine."
            )

    def references_taken(self, request: GenerationRequest) -> int:
        """Tell how many further pictures the program takes: one, when its command has {reference}."""
        return self._references_of(request.kind)

    def check_access(self) -> str:
        """Look whether the programs are there and may be run.

        Raises:
            ConfigError: One is missing or not executable.
        """
        programs = [
            find_program(template, self._options.folder) for _, template in sorted(self._templates.items())
        ]
        return f"{' and '.join(dict.fromkeys(programs))} can be run" if programs else "no program is set up"

    def _references_of(self, kind: Kind) -> int:
        template = self._templates.get(kind)
        return int(template is not None and "reference" in template.used)

    def price_usd(self, request: GenerationRequest) -> float:
        """Estimate the price from the options: per still, or per second of a clip."""
        if request.kind is Kind.KEYFRAME:
            return self._options.frame_usd
        return round(self._options.video_usd_per_s * request.duration_s, 4)

    def generate(
        self,
        request: GenerationRequest,
        folder: Path,
        *,
        keyframe: Path | None,
        progress: ProgressCallback,
        references: tuple[Path, ...] = (),
    ) -> EngineResult:
        """Run the program and take what it made; it gets the first of the references.

        Raises:
            ConfigError: There is no program for this kind, or it cannot be started.
            EngineError: It made no file, or none that can be opened.
            OutcomeUnknownError: It took too long and was ended; a provider's job may go on.
        """
        template = self._templates.get(request.kind)
        if template is None:
            raise ConfigError(_no_program(request.kind))
        output = folder / _OUTPUTS[request.kind]
        arguments = template.fill(_values(request, output, keyframe, references))
        said = ProgramOutput(secrets=_secrets(self._options))
        progress("starting", 0)
        with self._started(arguments) as program:
            ended_in_time = self._follow(program, said, progress, folder / _LOG)
        made = find_made(folder, request.kind)
        if made is None:
            raise _nothing_made(arguments[0], program.returncode, said, ended_in_time, self._options)
        progress("checking", 100)
        params: dict[str, object] = {"command": template.text}
        if said.remote_id is not None:
            params["remote_id"] = said.remote_id
        cost_usd = self.price_usd(request)
        return EngineResult(checked(made, request.kind), _model(arguments), cost_usd, params)

    def _environment(self) -> dict[str, str]:
        """Return the worker's variables without our own, which hold the database's password."""
        theirs = {name: value for name, value in os.environ.items() if not name.startswith("DIRECTOR_")}
        return {**theirs, "PYTHONUNBUFFERED": "1", **self._options.environment}

    @contextlib.contextmanager
    def _started(self, arguments: list[str]) -> Iterator[subprocess.Popen[str]]:
        try:
            program = subprocess.Popen(  # noqa: S603 - the studio's own command, and no shell reads it
                arguments,
                cwd=self._options.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                process_group=0,
            )
        except OSError as error:
            raise ConfigError(
                f"The program “{arguments[0]}” cannot be started ({error.strerror or error}). Nothing was "
                "made. Check the command and its folder in the settings."
            ) from error
        with program:
            try:
                yield program
            finally:
                _end(program)

    def _follow(
        self, program: subprocess.Popen[str], said: ProgramOutput, progress: ProgressCallback, log: Path
    ) -> bool:
        """Read the program's lines to their end, leaving them in a file; False when it had to be ended."""
        late = threading.Event()

        def stop() -> None:
            late.set()
            _end(program)

        timer = threading.Timer(self._options.timeout_s, stop)
        timer.start()
        try:
            assert program.stdout is not None
            with log.open("a", encoding="utf-8", buffering=1) as lines:
                for line in program.stdout:
                    if shown := said.take(line):
                        lines.write(f"{shown}\n")
                    progress(said.phase, said.percent)
            program.wait()
        finally:
            timer.cancel()
        return not late.is_set()


def _values(
    request: GenerationRequest, output: Path, keyframe: Path | None, references: tuple[Path, ...]
) -> dict[str, str]:
    is_clip = request.kind is Kind.VIDEO
    return {
        "prompt": request.motion_prompt if is_clip else request.image_prompt,
        "motion": request.motion_prompt,
        "negative": request.negative_prompt,
        "output": str(output),
        "image": str(keyframe) if is_clip and keyframe is not None else "",
        "reference": str(references[0]) if references else "",
        "seed": str(request.seed),
        "duration_s": f"{request.duration_s:g}",
        "width": str(request.width),
        "height": str(request.height),
        "fps": str(request.fps),
        "stream": request.stream_id,
        "segment": str(request.segment_id),
    }


def _secrets(options: ScriptOptions) -> tuple[str, ...]:
    """List the values that a program knows from its environment and may print, but nobody else may see."""
    told = {**os.environ, **options.environment}
    named = [value for name, value in told.items() if _SECRET.search(name)]
    return tuple(value for value in named if len(value) >= _SHORTEST_SECRET)


def _end(program: subprocess.Popen[str]) -> None:
    """End the program and everything in its group; one that has ended already is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(program.pid, 9)


def _no_program(kind: Kind) -> str:
    thing, variable = (
        ("stills", "DIRECTOR_SCRIPT_FRAME_COMMAND")
        if kind is Kind.KEYFRAME
        else ("clips", "DIRECTOR_SCRIPT_VIDEO_COMMAND")
    )
    return f"There is no program for {thing}. Set {variable}, or choose another engine."


def _nothing_made(
    name: str, exit_code: int | None, said: ProgramOutput, ended_in_time: bool, options: ScriptOptions
) -> EngineError:
    words = f" It said: {said.last_words()}" if said.lines else " It said nothing."
    if not ended_in_time:
        job = f" Its provider's job is {said.remote_id}." if said.remote_id else ""
        return OutcomeUnknownError(
            f"The program “{Path(name).name}” took more than {options.timeout_s:g} s and was ended.{job} "
            f"It may have been charged. Nothing was replaced; look into the provider's account.{words}"
        )
    return EngineError(
        f"The program “{Path(name).name}” ended (exit code {exit_code}) and made no file. Nothing was "
        f"replaced.{words}"
    )


def _model(arguments: list[str]) -> str:
    """Name what was run: the first argument that is a file's name, else the program."""
    scripts = [word for word in arguments if word.endswith((".py", ".sh", ".js"))]
    return f"script/{Path(scripts[0] if scripts else arguments[0]).name}"
