"""What LLaMA-Factory's own loader makes of rows: `python load_rows.py MODEL OUT < cases.json`.

A case is a folder with `dataset_info.json` (dataset `rows`), a stage and a cutoff. Of each, OUT gets the error that the
trainer would end with, or the answers that it would train on.
"""

import json
import sys

from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
from llamafactory.hparams import get_train_args
from llamafactory.model import load_tokenizer

IGNORED = -100


def main(model: str, out: str) -> None:
    found = [outcome(model, case) for case in json.load(sys.stdin)]
    with open(out, "w", encoding="utf-8") as file:
        json.dump(found, file)


def outcome(model: str, case: dict) -> dict:
    settings = {
        "model_name_or_path": model,
        "stage": case["stage"],
        "do_train": True,
        "finetuning_type": "lora",
        "dataset": case.get("dataset", "rows"),
        "dataset_dir": case["folder"],
        "cutoff_len": case["cutoff"],
        "overwrite_cache": True,
        "output_dir": case["folder"] + "/output",
        "use_cpu": True,
        "report_to": "none",
    }
    try:
        model_args, data_args, training_args, _, _ = get_train_args(settings)
        loaded = load_tokenizer(model_args)
        tokenizer = loaded["tokenizer"]
        template = get_template_and_fix_tokenizer(tokenizer, data_args)
        stage = "rm" if case["stage"] == "dpo" else case["stage"]
        rows = get_dataset(template, model_args, data_args, training_args, stage=stage, **loaded)["train_dataset"]
    except Exception as error:
        chain = [error]
        while chain[-1].__cause__ is not None:
            chain.append(chain[-1].__cause__)
        return {"error": " <- ".join(f"{type(one).__name__}: {one}" for one in chain)}
    key = "labels" if "labels" in rows.column_names else "chosen_labels"
    labels = [[token for token in row if token != IGNORED] for row in rows[key]]
    return {
        "answers": [tokenizer.decode(row, skip_special_tokens=True).strip() for row in labels],
        "ended": [tokenizer.eos_token_id in row for row in labels],
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
