"""Smart stopping for LLaMA-Factory: one callback, given to the trainer's own `run_exp`.

It judges every evaluation, writes `progress.jsonl` while training goes on and `training_summary.json` at its end. Its
memory is saved with every checkpoint. The trainer rebuilds the callback from a checkpoint, so the constructor takes
nothing: settings are read from the job folder each time, and a setting that was changed between runs counts.
"""

from __future__ import annotations

import json
import math
import os
import time
from dataclasses import asdict
from pathlib import Path

import psutil
import torch
from transformers.trainer_callback import ExportableState, TrainerCallback

from stopping import Settings, replay

CONFIGURED = ("learning_rate", "num_train_epochs", "per_device_train_batch_size", "gradient_accumulation_steps", "seed")


class SmartStop(TrainerCallback, ExportableState):
    started = False
    """Whether training proper has begun, in this process; before it, cancelling needs no checkpoint."""
    asked_to_stop = False
    """Set by a signal: the system ends, or somebody stops the process by hand."""

    def __init__(self) -> None:
        self.job = Path(os.environ["DISTILLERY_JOB"])
        self.told = json.loads((self.job / "trainer.json").read_text("utf-8"))
        self.settings = Settings(**self.told["stopping"])
        self.stopping = replay(self.settings, [])
        self.in_train = False
        self.cancelled = False
        self.began = time.monotonic()
        self.memory = {"settings": asdict(self.settings), "evaluations": [], "grad_norms": [], "notes": []}

    def state(self) -> dict:
        """What a checkpoint keeps. Copied: the trainer holds on to it."""
        return {"args": {}, "attributes": {"memory": json.loads(json.dumps(self.memory))}}

    def on_train_begin(self, args, state, control, **_):
        self.in_train = True
        SmartStop.started = True
        self._recall()
        follow_moved_folder(args, state)
        # Without this the next save fails where the checkpoint knows no such callback.
        state.stateful_callbacks.setdefault(type(self).__name__, self.state())
        self._write({"kind": "begin", "max_steps": state.max_steps, "resumed": state.global_step > 0}, state)
        if self.stopping.reason:
            # A stopped job that is started again would train on.
            control.should_training_stop = True
        return control

    def on_log(self, args, state, control, logs=None, **_):
        if not self.in_train or not logs or "loss" not in logs:
            return control
        grad_norm = number(logs.get("grad_norm"))
        self.memory["grad_norms"].append([state.global_step, grad_norm])
        line = {"kind": "train", "loss": number(logs["loss"]), "grad_norm": grad_norm}
        self._write({**line, "learning_rate": number(logs.get("learning_rate")), **hardware()}, state)
        return control

    def on_evaluate(self, args, state, control, metrics=None, **_):
        # LLaMA-Factory evaluates once more after the end.
        if not self.in_train or not metrics or "eval_loss" not in metrics:
            return control
        loss = float(metrics["eval_loss"])
        self.memory["evaluations"].append([state.global_step, state.epoch, number(loss)])
        reason = self.stopping.judge(loss)
        self._write(
            {
                "kind": "evaluation",
                "loss": number(loss),
                "perplexity": self._perplexity(loss),
                "without_improvement": self.stopping.without_improvement,
                "patience": self.settings.patience,
                "stop_reason": reason,
            },
            state,
        )
        if reason:
            control.should_training_stop = True
        return control

    def on_step_end(self, args, state, control, **_):
        if not self.cancelled and self._cancel_asked(args):
            self.cancelled = True
        if self.cancelled:
            control.should_save = True
            control.should_training_stop = True
        return control

    def on_save(self, args, state, control, **_):
        if self.in_train:
            self._write({"kind": "checkpoint"}, state)
        return control

    def on_train_end(self, args, state, control, **_):
        self.in_train = False
        reason = "cancelled" if self.cancelled else self.stopping.reason or "max_steps"
        if state.is_world_process_zero:
            self._summarize(args, state, reason)
        self._write({"kind": "end", "stop_reason": reason}, state)
        return control

    def _recall(self) -> None:
        """Judges the remembered evaluations again, by the settings as they are now."""
        before, now = self.memory["settings"], asdict(self.settings)
        for name, value in now.items():
            if before.get(name) != value:
                self.memory["notes"].append(f"{name} was changed from {before.get(name)} to {value} between runs.")
        self.memory["settings"] = now
        losses = [math.nan if loss is None else loss for _, _, loss in self.memory["evaluations"]]
        self.stopping = replay(self.settings, losses)

    def _cancel_asked(self, args) -> bool:
        asked = SmartStop.asked_to_stop or (self.job / "cancel.request").exists()
        if args.world_size <= 1 or not torch.distributed.is_initialized():
            return asked
        # All ranks stop at the same step, or none of them would come to the end.
        flag = torch.tensor([int(asked)], device=args.device)
        torch.distributed.all_reduce(flag, op=torch.distributed.ReduceOp.MAX)
        return bool(flag.item())

    def _perplexity(self, loss: float) -> float | None:
        if not self.told["perplexity"] or not math.isfinite(loss) or loss > 700:
            return None
        return math.exp(loss)

    def _summarize(self, args, state, reason: str) -> None:
        evaluations, grad_norms = self.memory["evaluations"], self.memory["grad_norms"]
        losses = [loss for _, _, loss in evaluations]
        best = state.best_model_checkpoint
        write_whole(
            self.job / "training_summary.json",
            {
                "version": 1,
                "stop_reason": reason,
                "stopped_epoch": state.epoch,
                "stopped_step": state.global_step,
                "max_steps": state.max_steps,
                # The trainer's best, which it has restored: any improvement counts there, whatever min_delta is.
                "best_loss": number(state.best_metric) if best else None,
                "best_step": state.best_global_step if best else None,
                "best_checkpoint": Path(best).name if best else None,
                "loss_history": losses,
                "perplexity_history": [None if loss is None else self._perplexity(loss) for loss in losses],
                "evaluation_steps": [step for step, _, _ in evaluations],
                "grad_norm_history": [norm for _, norm in grad_norms],
                "grad_norm_steps": [step for step, _ in grad_norms],
                "seconds": round(time.monotonic() - self.began, 1),
                "notes": self.memory["notes"],
                "config": {**self.told["config"], **{name: getattr(args, name) for name in CONFIGURED}},
            },
        )

    def _write(self, line: dict, state) -> None:
        if not state.is_world_process_zero:
            return
        place = {"step": state.global_step, "epoch": state.epoch, "seconds": round(time.monotonic() - self.began, 1)}
        with (self.job / "progress.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({**line, **place}, allow_nan=False) + "\n")


def follow_moved_folder(args, state) -> None:
    """A checkpoint names the best one by its whole path, which is another one after the job's folder was moved."""
    best = state.best_model_checkpoint
    if best and not Path(best).is_dir() and (Path(args.output_dir) / Path(best).name).is_dir():
        state.best_model_checkpoint = str(Path(args.output_dir) / Path(best).name)


def number(value) -> float | None:
    """A finite number, or None: JSON has no NaN, and what reads these files takes none."""
    if value is None:
        return None
    value = float(value)
    return value if math.isfinite(value) else None


def hardware() -> dict:
    used = {"cpu_percent": psutil.cpu_percent(), "memory_mb": round(psutil.Process().memory_info().rss / 1e6)}
    if torch.cuda.is_available():
        used["gpu_memory_mb"] = round(torch.cuda.max_memory_reserved() / 1e6)
    return used


def write_whole(file: Path, value: dict) -> None:
    part = file.with_name(f".{file.name}.part")
    part.write_text(json.dumps(value, indent=2, allow_nan=False) + "\n", "utf-8")
    part.replace(file)
