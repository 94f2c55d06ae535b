"""Merges the job's adapter into its base model, with LLaMA-Factory's own export: `python trainer/merge.py`.

Writes `merged/` (weights, tokenizer, Ollama's `Modelfile`). Merging is done in the base model's own precision: what a
quantized job trained is merged into the model that was quantized.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

JOB = Path(__file__).resolve().parent.parent
PART, MERGED = JOB / ".merged.part", JOB / "merged"
SHARD_GB = 5


def main() -> int:
    from omegaconf import OmegaConf

    config = OmegaConf.to_container(OmegaConf.load(JOB / "train.yaml"))
    if config["finetuning_type"] != "lora":
        print("Full training has no adapter: its model is in output/.", file=sys.stderr)
        return 2
    model = config["model_name_or_path"]
    if Path(model).is_dir():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    shutil.rmtree(PART, ignore_errors=True)

    from llamafactory.train.tuner import export_model

    export_model(
        {
            "model_name_or_path": model,
            "adapter_name_or_path": str(JOB / "output"),
            "finetuning_type": "lora",
            **{key: config[key] for key in ("template",) if key in config},
            "export_dir": str(PART),
            "export_size": SHARD_GB,
            "export_device": "cpu",
            "export_legacy_format": False,
        }
    )
    shutil.rmtree(MERGED, ignore_errors=True)
    PART.replace(MERGED)
    return 0


if __name__ == "__main__":
    sys.exit(main())
