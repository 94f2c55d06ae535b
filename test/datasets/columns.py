"""Reads each file with Hugging Face `datasets`, as a trainer does, and prints its rows and the type of every column as one JSON object."""
import json
import sys

from datasets import load_dataset

cache, *files = sys.argv[1:]
print(json.dumps({
    path: {"rows": table.num_rows, "columns": {name: str(feature) for name, feature in table.features.items()}}
    for path in files
    for table in [load_dataset("json", data_files=path, split="train", cache_dir=cache)]
}))
