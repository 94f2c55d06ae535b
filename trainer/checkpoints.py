"""Which checkpoints are whole. A newest one that is not would stop the trainer from resuming."""

from __future__ import annotations

import json
import re
from pathlib import Path

NEEDED = ("trainer_state.json", "optimizer.pt", "scheduler.pt")


def set_incomplete_aside(output: Path) -> list[str]:
    """Renames checkpoints that are not whole, newest first, until one is. Returns their names."""
    aside = []
    for folder in sorted(output.glob("checkpoint-*"), key=step_of, reverse=True):
        reason = incomplete(folder)
        if reason is None:
            break
        target = folder.with_name(f"incomplete-{folder.name}")
        for number in range(2, 1000):
            if not target.exists():
                break
            target = folder.with_name(f"incomplete-{folder.name}-{number}")
        folder.rename(target)
        aside.append(f"{folder.name}: {reason}")
    return aside


def step_of(folder: Path) -> int:
    found = re.fullmatch(r"checkpoint-(\d+)", folder.name)
    return int(found[1]) if found else -1


def incomplete(folder: Path) -> str | None:
    """What is missing, or None. DeepSpeed keeps its optimizer in a folder of its own, named in `latest`."""
    sharded = (folder / "latest").exists()
    for name in NEEDED[:1] if sharded else NEEDED:
        if not (folder / name).is_file() or (folder / name).stat().st_size == 0:
            return f"{name} is missing"
    try:
        json.loads((folder / "trainer_state.json").read_text("utf-8"))
    except ValueError:
        return "trainer_state.json is cut off"
    weights = list(folder.glob("*.safetensors"))
    if not weights and not sharded:
        return "the weights are missing"
    for file in weights:
        if not whole_safetensors(file):
            return f"{file.name} is cut off"
    return None


def whole_safetensors(file: Path) -> bool:
    """The header (a length, then JSON) tells where the last tensor ends: that is the size of the file."""
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        size = file.stat().st_size
        if length == 0 or length > size - 8:
            return False
        try:
            header = json.loads(stream.read(length))
        except ValueError:
            return False
    ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
    return size == 8 + length + max(ends, default=0)
