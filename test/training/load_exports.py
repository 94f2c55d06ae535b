"""Loads the datasets of folders through LLaMA-Factory's own loader, as its trainer does, to the tokens:
`python load_exports.py MODEL FOLDER…`. Prints by folder what the model is shown and what it learns."""

import json
import sys
from pathlib import Path

from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
from llamafactory.hparams import get_train_args
from llamafactory.model import load_tokenizer

model, *folders = sys.argv[1:]
seen = {}


def datasets():
    for folder in folders:
        info = json.loads((Path(folder) / "dataset_info.json").read_text(encoding="utf-8"))
        for name, entry in info.items():
            yield folder, name, entry


for folder, name, entry in datasets():
    stage = "rm" if entry.get("ranking") else "sft"
    model_args, data_args, training_args, _, _ = get_train_args(
        {
            "model_name_or_path": model,
            "stage": stage,
            "do_train": True,
            "finetuning_type": "full",
            "dataset": name,
            "dataset_dir": folder,
            "template": "qwen",
            "cutoff_len": 512,
            "output_dir": str(Path(folder) / "out"),
            "overwrite_cache": True,
            "report_to": "none",
        }
    )
    tokenizer = load_tokenizer(model_args)
    template = get_template_and_fix_tokenizer(tokenizer["tokenizer"], data_args)
    rows = get_dataset(template, model_args, data_args, training_args, stage=stage, **tokenizer)["train_dataset"]
    read = tokenizer["tokenizer"].decode
    shown, learnt = ("input_ids", "labels") if stage == "sft" else ("chosen_input_ids", "chosen_labels")
    seen[Path(folder).name] = [
        {"shown": read(row[shown]), "learnt": read([token for token in row[learnt] if token >= 0])} for row in rows
    ]
print(json.dumps(seen))
