"""Loads every dataset of a dataset_info.json as trainers do, and prints what they see as one JSON object.

`datasets` reads the files; LLaMA-Factory's own parser and converter read the declaration and turn rows into turns. Its
package is imported file by file with torch, transformers and peft left out: what is tested is its reading of data.
"""
import json
import sys
import types
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import MagicMock

from datasets import load_dataset

folder = Path(sys.argv[1])
info = json.loads((folder / "dataset_info.json").read_text(encoding="utf-8"))


def read(path):
    kind = "parquet" if path.suffix == ".parquet" else "json"
    return load_dataset(kind, data_files=str(path), split="train", cache_dir=sys.argv[2])


# Before torch is left out: `datasets` looks for it.
tables = {entry["file_name"]: read(folder / entry["file_name"]) for entry in info.values()}

for name in ["torch", "torch.distributed", "peft", "peft.utils", "transformers", "transformers.utils",
             "transformers.utils.versions", "transformers.dynamic_module_utils"]:
    sys.modules[name] = MagicMock()

package = Path(find_spec("llamafactory").origin).parent
for name in ["llamafactory", "llamafactory.data", "llamafactory.extras"]:
    module = types.ModuleType(name)
    module.__path__ = [str(package.joinpath(*name.split(".")[1:]))]
    sys.modules[name] = module

from llamafactory.data.converter import get_dataset_converter  # noqa: E402
from llamafactory.data.parser import get_dataset_list  # noqa: E402

seen = {}
for attr in get_dataset_list(list(info), str(folder)):
    rows = tables[attr.dataset_name]
    convert = get_dataset_converter(attr.formatting, attr, types.SimpleNamespace(media_dir=str(folder)))
    turns = [convert(row) for row in rows]
    seen[attr.dataset_name] = {
        "rows": rows.num_rows,
        "columns": rows.column_names,
        "turns": [{key: row[key] for key in ["_prompt", "_response", "_system"]} for row in turns],
    }
print(json.dumps(seen))
