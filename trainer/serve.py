"""Serves the job's model behind an OpenAI-compatible endpoint: `python trainer/serve.py [--port 8000] [--base]`.

The merged model where there is one, else the base model with the adapter; `--base` serves the base model alone, to
compare. Listens on 127.0.0.1 only; port 0 takes a free one. When it answers it prints a line of JSON with its `url` and
the name of the `model`. `--job FOLDER` serves another job; `--attached` ends with whoever holds the other end of stdin.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from pathlib import Path


def main(words: list[str]) -> None:
    from omegaconf import OmegaConf

    given = after(words, "--job")
    folder = Path(given) if given else Path(__file__).resolve().parent.parent
    if "--attached" in words:
        threading.Thread(target=end_with_stdin, daemon=True).start()
    config = OmegaConf.to_container(OmegaConf.load(folder / "train.yaml"))
    job = json.loads((folder / "job.json").read_text("utf-8"))
    name = job["name"] + ("-base" if "--base" in words else "")
    settings = model_settings(folder, config, base="--base" in words)
    if Path(settings["model_name_or_path"]).is_dir():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ["API_MODEL_NAME"] = name

    import uvicorn
    from llamafactory.api.app import create_app
    from llamafactory.chat import ChatModel

    app = create_app(ChatModel(settings))
    listening = socket.socket()
    listening.bind(("127.0.0.1", int(after(words, "--port") or 8000)))
    listening.listen()
    # Who connects from now on is answered as soon as the server runs.
    print(json.dumps({"url": f"http://127.0.0.1:{listening.getsockname()[1]}/v1", "model": name}), flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listening])


def model_settings(folder: Path, config: dict, base: bool) -> dict:
    settings = {"infer_backend": "huggingface", **{key: config[key] for key in ("template",) if key in config}}
    if base:
        return {**settings, "model_name_or_path": config["model_name_or_path"]}
    if (folder / "merged").is_dir():
        return {**settings, "model_name_or_path": str(folder / "merged")}
    if config["finetuning_type"] == "full":
        return {**settings, "model_name_or_path": str(folder / "output")}
    adapter = {"adapter_name_or_path": str(folder / "output"), "finetuning_type": "lora"}
    return {**settings, "model_name_or_path": config["model_name_or_path"], **adapter}


def after(words: list[str], flag: str) -> str | None:
    return words[words.index(flag) + 1] if flag in words else None


def end_with_stdin() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
