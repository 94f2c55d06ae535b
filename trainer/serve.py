"""Serves the job's model behind an OpenAI-compatible endpoint: `python trainer/serve.py [--port 8000] [--base]`.

The merged model where there is one, else the base model with the adapter; `--base` serves the base model alone, to
compare. Listens on 127.0.0.1 only.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

JOB = Path(__file__).resolve().parent.parent


def main(words: list[str]) -> None:
    from omegaconf import OmegaConf

    config = OmegaConf.to_container(OmegaConf.load(JOB / "train.yaml"))
    job = json.loads((JOB / "job.json").read_text("utf-8"))
    settings = {"infer_backend": "huggingface", **{key: config[key] for key in ("template",) if key in config}}
    model = config["model_name_or_path"]
    if "--base" not in words and (JOB / "merged").is_dir():
        model = str(JOB / "merged")
    elif "--base" not in words and config["finetuning_type"] == "full":
        model = str(JOB / "output")
    elif "--base" not in words:
        settings |= {"adapter_name_or_path": str(JOB / "output"), "finetuning_type": "lora"}
    if Path(model).is_dir():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ["API_MODEL_NAME"] = job["name"] + ("-base" if "--base" in words else "")

    import uvicorn
    from llamafactory.api.app import create_app
    from llamafactory.chat import ChatModel

    port = int(words[words.index("--port") + 1]) if "--port" in words else 8000
    app = create_app(ChatModel({"model_name_or_path": model, **settings}))
    uvicorn.run(app, host="127.0.0.1", port=port)


if __name__ == "__main__":
    main(sys.argv[1:])
