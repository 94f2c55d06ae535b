"""Runs, starts, looks after and cancels the job in the folder above this file. The same here and on another machine.

    python trainer/launch.py run      in the foreground
    python trainer/launch.py start    on its own: it goes on when the terminal or the connection is gone
    python trainer/launch.py status   one line of JSON; `--from FILE=OFFSET` adds what was written to it since
    python trainer/launch.py cancel   a checkpoint and a summary are saved first; `cancel --now` kills

Run it with the Python of the training environment. Every command but `run` prints one line of JSON.
"""

from __future__ import annotations

import base64
import json
import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from checkpoints import set_incomplete_aside

JOB = Path(__file__).resolve().parent.parent
PROCESS, EXIT, CANCEL, SUMMARY = (
    JOB / name for name in ("process.json", "exit.json", "cancel.request", "training_summary.json")
)
WINDOWS = platform.system() == "Windows"
APPEARS_S = 20
MOST_READ = 1 << 20
BEGIN = "----- distillery starts the trainer -----"
"""What is behind the last of these lines in `run.log` belongs to the last start."""


def main(words: list[str]) -> int:
    commands = {"run": supervise, "supervise": supervise, "start": start, "status": status, "cancel": cancel}
    command = commands.get(words[0] if words else "")
    if command is None:
        print(__doc__, file=sys.stderr)
        return 2
    return command(words[1:])


def start(words: list[str]) -> int:
    if running():
        return say({"started": False, "running": True})
    busy = None if "--share" in words else other_job()
    if busy:
        return say({"started": False, "running": False, "busy": busy})
    clear()
    with (JOB / "run.log").open("ab") as log:
        subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), "supervise"],
            cwd=JOB,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **detached(),
        )
    deadline = time.monotonic() + APPEARS_S
    while time.monotonic() < deadline and not PROCESS.exists() and not EXIT.exists():
        time.sleep(0.02)
    return say({"started": PROCESS.exists() or EXIT.exists(), "running": running()})


def detached() -> dict:
    if WINDOWS:
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS}
    return {"start_new_session": True}


def clear() -> None:
    """What the run before left: a summary that exists later is then one of this run."""
    for file in (PROCESS, EXIT, CANCEL):
        file.unlink(missing_ok=True)
    if SUMMARY.exists():
        SUMMARY.replace(JOB / "training_summary.previous.json")


def supervise(_words: list[str]) -> int:
    """Starts the trainer, waits for it and writes how it ended: nobody else would know."""
    if int(os.environ.get("NODE_RANK", "0")) > 0:
        # The first node keeps the record, in a folder that all may share.
        return subprocess.call(trainer_command(), cwd=JOB)
    if "run" in sys.argv:
        if running():
            print("This job is running already.", file=sys.stderr)
            return 1
        clear()
    os.chdir(JOB)
    print(BEGIN, file=sys.stderr, flush=True)
    for name in set_incomplete_aside(JOB / "output"):
        print(f"Set aside an incomplete checkpoint: {name}", file=sys.stderr, flush=True)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "TOKENIZERS_PARALLELISM": "false"}
    child = subprocess.Popen(trainer_command(), cwd=JOB, env=environment)
    mine = {"pid": os.getpid(), "started": started(os.getpid())}
    write(PROCESS, {**mine, "child": {"pid": child.pid, "started": started(child.pid)}})
    register()
    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: child.poll() is None and child.terminate())
    code = child.wait()
    # The folder may have been moved since; this process is still in it.
    write(Path.cwd() / EXIT.name, {"code": code if code >= 0 else None, "signal": -code if code < 0 else None})
    registration().unlink(missing_ok=True)
    return code if code >= 0 else 128 - code


def trainer_command() -> list[str]:
    told = json.loads((JOB / "trainer.json").read_text("utf-8"))
    train = str(JOB / "trainer" / "train.py")
    distributed = told.get("distributed")
    if not distributed:
        return [sys.executable, train]
    # The trainer's own command line would start torchrun by itself; our file is started by it.
    options = [f"--{name.replace('_', '-')}={value}" for name, value in {**distributed, **rendezvous()}.items()]
    return [sys.executable, "-m", "torch.distributed.run", *options, train]


def rendezvous() -> dict:
    """Where nodes meet, from the environment, as LLaMA-Factory's own command line takes it: torchrun looks elsewhere."""
    return {
        name.lower(): os.environ[name] for name in ("NODE_RANK", "MASTER_ADDR", "MASTER_PORT") if name in os.environ
    }


def status(words: list[str]) -> int:
    state = {
        "running": running(),
        "exit": read(EXIT) or None,
        "summary": SUMMARY.exists(),
        "cancel": CANCEL.exists(),
        "free_mb": round(psutil.disk_usage(str(JOB)).free / 1e6),
    }
    # After the rest: what was written before the end must not be missed.
    wanted = [after.partition("=") for word, after in zip(words, words[1:], strict=False) if word == "--from"]
    return say({**state, "read": {name: since(JOB / name, int(offset)) for name, _, offset in wanted}})


def since(file: Path, offset: int) -> dict:
    """The bytes from an offset on, at most a megabyte at a time. A file that has become shorter begins anew."""
    if not file.is_file():
        return {"data": "", "next": 0}
    with file.open("rb") as stream:
        offset = 0 if offset > file.stat().st_size else offset
        stream.seek(offset)
        data = stream.read(MOST_READ)
    return {"data": base64.b64encode(data).decode("ascii"), "next": offset + len(data)}


def cancel(words: list[str]) -> int:
    CANCEL.touch()
    if "--now" in words:
        for process in processes():
            for one in (*process.children(recursive=True), process):
                kill(one)
    return say({"running": running()})


def kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def running() -> bool:
    return bool(processes())


def processes() -> list[psutil.Process]:
    """The supervisor and the trainer, as far as they live: a process id may have been given to somebody else since."""
    known = read(PROCESS)
    return [one for one in map(alive, (known, known.get("child"))) if one]


def alive(known: dict | None) -> psutil.Process | None:
    if not known or started(known["pid"]) != known["started"]:
        return None
    try:
        process = psutil.Process(known["pid"])
        return None if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD) else process
    except psutil.NoSuchProcess:
        return None


def started(pid: int) -> str | None:
    """When a process started. On Linux in ticks since the boot, which no change of the clock moves."""
    try:
        if platform.system() == "Linux":
            boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
            return f"{boot}/{Path(f'/proc/{pid}/stat').read_text('utf-8').rpartition(')')[2].split()[19]}"
        return str(psutil.Process(pid).create_time())
    except (OSError, psutil.Error):
        return None


def other_job() -> str | None:
    """Another job of ours that runs on this machine: two would take each other's memory."""
    for file in registration().parent.glob("*.json"):
        entry = read(file)
        if entry.get("job") != str(JOB) and alive(entry):
            return entry["job"]
    return None


def register() -> None:
    registration().parent.mkdir(parents=True, exist_ok=True)
    write(registration(), {"job": str(JOB), "pid": os.getpid(), "started": started(os.getpid())})


def registration() -> Path:
    from environment import cache_folder

    name = "".join(letter if letter.isalnum() else "-" for letter in str(JOB))[-120:]
    return cache_folder() / "running" / f"{name}.json"


def read(file: Path) -> dict:
    try:
        return json.loads(file.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def write(file: Path, value: dict) -> None:
    part = file.with_name(f".{file.name}.part")
    part.write_text(json.dumps(value) + "\n", "utf-8")
    part.replace(file)


def say(value: dict) -> int:
    print(json.dumps(value), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
