"""Trains what the job folder describes, with LLaMA-Factory's own `run_exp` and our stopping callback.

The folder is the one above this file, wherever it was moved to; paths inside it are made absolute here, because the
trainer writes them into the adapter's configuration.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

JOB = Path(__file__).resolve().parent.parent
BEFORE_TRAINING_S = 0.3
"""How often a cancellation is looked for while the model is loaded; later every step looks."""


def main() -> None:
    os.environ["DISTILLERY_JOB"] = str(JOB)
    settings = configuration()
    from smart_stop import SmartStop

    threading.Thread(target=leave_when_cancelled, args=(SmartStop,), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: stop(SmartStop))

    from llamafactory.train.tuner import run_exp

    run_exp(args=settings, callbacks=[SmartStop()])


def configuration() -> dict:
    from omegaconf import OmegaConf

    # As the trainer itself reads it: YAML 1.1 takes 1e-5 for text.
    config = OmegaConf.to_container(OmegaConf.load(JOB / "train.yaml"))
    if Path(config["model_name_or_path"]).is_dir():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    inside = {key: str(JOB / config[key]) for key in ("adapter_name_or_path", "deepspeed") if key in config}
    return {**config, **inside, "dataset_dir": str(JOB / "data"), "output_dir": str(JOB / "output")}


def stop(callback) -> None:
    if not callback.started:
        sys.exit(143)
    callback.asked_to_stop = True


def leave_when_cancelled(callback) -> None:
    while not callback.started:
        if (JOB / "cancel.request").exists():
            os._exit(143)
        time.sleep(BEFORE_TRAINING_S)


if __name__ == "__main__":
    main()
