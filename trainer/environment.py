"""Makes the Python environment that trains: pinned, for the hardware found, probed by importing what will be used.

    python environment.py [--folder FOLDER] [--find]

Needs Python 3.11 to 3.13 and nothing else. Prints one line of JSON for every step, the last one with `python` in it, or
with `error`. `--find` makes nothing: it only looks. The same file sets up this machine and a host behind SSH.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

TRAINER = "0.9.5"
WINDOWS = platform.system() == "Windows"
CPU_WHEELS = "https://download.pytorch.org/whl/cpu"
ROCM_WHEELS = "https://download.pytorch.org/whl/rocm6.4"
NEEDED_GB = {"cuda": 16, "rocm": 24, "apple": 4, "cpu": 5}
COMMON = (f"llamafactory=={TRAINER}", "tensorboard", "psutil")
PROBE = "import llamafactory.train.tuner, tensorboard, psutil, torch; print(torch.__version__)"


class SetupError(Exception):
    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


def main(words: list[str]) -> int:
    hardware = find_hardware()
    given = words[words.index("--folder") + 1] if "--folder" in words else None
    folder = Path(given) if given else cache_folder() / f"llamafactory-{TRAINER}-{hardware['kind']}"
    try:
        ready = find(folder)
        if ready or "--find" in words:
            say({"python": ready and ready["python"], "hardware": hardware, **(ready or {})})
            return 0
        with Lock(folder):
            say({"python": None, **(find(folder) or set_up(folder, hardware))})
        return 0
    except SetupError as error:
        say({"error": error.code, "message": str(error)})
        return 1


def cache_folder() -> Path:
    """Under the user's cache, as the system has it."""
    given = os.environ.get("DISTILLERY_TRAINING_CACHE")
    if given:
        return Path(given)
    home = Path.home()
    if WINDOWS:
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif platform.system() == "Darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "distillery" / "training"


def find(folder: Path) -> dict | None:
    """What stands there, when it stands there whole."""
    try:
        ready = json.loads((folder / "ready.json").read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return ready if ready.get("trainer") == TRAINER and Path(ready["python"]).exists() else None


def find_hardware() -> dict:
    """What there is to train on, asked of the driver's own tool: torch is not there yet."""
    if platform.system() == "Darwin" and platform.machine() == "arm64":
        return {"kind": "apple", "gpus": [], "memory_mb": memory_mb()}
    listed = output_of("nvidia-smi", "--query-gpu=name,memory.total,compute_cap", "--format=csv,noheader,nounits")
    gpus = []
    for line in listed.splitlines():
        name, memory, capability = (part.strip() for part in [*line.split(","), "", ""][:3])
        if memory.isdigit():
            gpus.append({"name": name, "memory_mb": int(memory), "bf16": capability >= "8" or len(capability) > 3})
    if gpus:
        return {"kind": "cuda", "gpus": gpus, "memory_mb": memory_mb()}
    if output_of("rocminfo"):
        return {"kind": "rocm", "gpus": [], "memory_mb": memory_mb()}
    return {"kind": "cpu", "gpus": [], "memory_mb": memory_mb()}


def memory_mb() -> int | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6)
    except (AttributeError, ValueError, OSError):
        return None


def set_up(folder: Path, hardware: dict) -> dict:
    refuse_wrong_python()
    refuse_full_disk(folder, NEEDED_GB[hardware["kind"]])
    # What an interrupted set-up left is no ground to build on.
    shutil.rmtree(folder / "venv", ignore_errors=True)
    say({"step": "create", "message": f"Making a Python environment in {folder}", "fraction": 0})
    make_venv(folder / "venv")
    python = folder / "venv" / ("Scripts/python.exe" if WINDOWS else "bin/python")
    say({"step": "torch", "message": "Installing PyTorch", "fraction": 0.05})
    constraint = install_torch(python, hardware["kind"])
    say({"step": "trainer", "message": f"Installing LLaMA-Factory {TRAINER}", "fraction": 0.4})
    extras = ("bitsandbytes", "deepspeed") if hardware["kind"] == "cuda" and not WINDOWS else ()
    install(python, *constraint, *COMMON, *extras)
    if hardware["kind"] == "cpu":
        keep_text_only(python)
    say({"step": "probe", "message": "Trying what was installed", "fraction": 0.95})
    probe(python)
    ready = {"python": str(python), "trainer": TRAINER, "hardware": hardware}
    part = folder / ".ready.json.part"
    part.write_text(json.dumps(ready) + "\n", "utf-8")
    part.replace(folder / "ready.json")
    return ready


def refuse_wrong_python() -> None:
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise SetupError(
            "wrong_python",
            f"Python {platform.python_version()} cannot run the trainer: install Python 3.11, 3.12 or 3.13 "
            "(python.org, or `uv python install 3.11`).",
        )


def refuse_full_disk(folder: Path, needed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free / 1e9
    if free < needed:
        raise SetupError(
            "no_disk", f"{folder} has {free:.1f} GB free; the trainer needs {needed} GB. Make room and try again."
        )


def make_venv(venv: Path) -> None:
    uv = shutil.which("uv")
    if uv:
        run([uv, "venv", "--quiet", "--seed", "--python", sys.executable, str(venv)])
        return
    try:
        run([sys.executable, "-m", "venv", str(venv)])
    except SetupError as error:
        raise SetupError(
            "no_venv",
            f"Python cannot make environments here ({error}). On Debian and Ubuntu: apt install python3-venv.",
        ) from error


def install_torch(python: Path, kind: str) -> tuple[str, ...]:
    """Installs torch and says how it is held while the rest is installed.

    Left to pip, torch and torchaudio come from builds for two CUDA versions, and importing the trainer fails.
    """
    if kind == "cuda":
        pins = ("torch==2.11.0", "torchvision==0.26.0", "torchaudio==2.11.0")
        install(python, *pins)
        return pins
    if kind == "rocm":
        pins = ("torch==2.9.1", "torchvision==0.24.1", "torchaudio==2.9.1")
        install(python, *pins, "--index-url", ROCM_WHEELS)
        return pins
    if kind == "cpu" and platform.system() == "Linux":
        try:
            # A tenth of the size of what PyPI has for Linux.
            install(
                python, "torch==2.13.0+cpu", "--no-deps", "--extra-index-url", CPU_WHEELS, "--retries", "1", tries=1
            )
            return ("torch==2.13.0+cpu",)
        except SetupError as error:
            say({"step": "torch", "message": f"No CPU build reachable, taking PyPI's larger one ({error})"})
    install(python, "torch==2.13.0", "--no-deps")
    return ("torch==2.13.0",)


def keep_text_only(python: Path) -> None:
    """torchvision and torchaudio from PyPI are CUDA builds, which a CPU torch cannot load; text needs neither.

    torchaudio is imported all the same, and is plain Python without its libraries.
    """
    run([str(python), "-m", "pip", "uninstall", "-q", "-y", "torchvision"])
    where = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    packages = Path(run([str(python), "-c", where]).strip())
    for library in (packages / "torchaudio" / "lib").glob("*.so"):
        library.unlink()


def install(python: Path, *words: str, tries: int = 3) -> None:
    command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input", *words]
    for attempt in range(1, tries + 1):
        try:
            run(command)
            return
        except SetupError as error:
            if attempt == tries:
                raise SetupError("install_failed", f"Installing failed: {error}") from error
            say({"step": "again", "message": f"Trying again ({error})"})
            time.sleep(attempt * 2)


def probe(python: Path) -> None:
    """`llamafactory-cli version` passes even where training cannot be imported."""
    try:
        run([str(python), "-c", PROBE], {"HF_HUB_OFFLINE": "1"})
    except SetupError as error:
        raise SetupError("probe_failed", f"What was installed cannot be used: {error}") from error


def run(command: list[str], environment: dict | None = None) -> str:
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **(environment or {})},
        check=False,
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith("WARNING")]
        raise SetupError("failed", lines[-1].strip() if lines else f"{command[0]} ended with {done.returncode}")
    return done.stdout


def output_of(*command: str) -> str:
    if not shutil.which(command[0]):
        return ""
    try:
        return run(list(command))
    except SetupError:
        # The tool is there and the driver is not: no such hardware.
        return ""


class Lock:
    """One set-up at a time; a second one waits, and then finds the first one's work.

    The system's own lock: it is free when its process has ended, however it ended and whatever the clock says.
    """

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.file = (folder / "setup.lock").open("a+b")

    def __enter__(self) -> None:
        told = False
        while not self.take():
            if not told:
                say({"step": "wait", "message": "Another set-up is under way; waiting for it"})
                told = True
            time.sleep(0.5)

    def take(self) -> bool:
        try:
            if WINDOWS:
                import msvcrt

                msvcrt.locking(self.file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except OSError:
            return False

    def __exit__(self, *_) -> None:
        self.file.close()


def say(line: dict) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
