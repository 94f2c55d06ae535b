"""Near-duplicates with datasketch, as its documentation shows it: python datasketch_lsh.py FILE THRESHOLD → seconds, and of a processor."""
import json
import sys
import time

from datasketch import MinHash, MinHashLSH

with open(sys.argv[1], encoding="utf-8") as lines:
    texts = [json.loads(line)["prompt"] for line in lines]
started, before = time.perf_counter(), time.process_time()
tokens = [{word.encode() for word in text.split()} for text in texts]
lsh = MinHashLSH(threshold=float(sys.argv[2]), num_perm=128)
for number, signature in enumerate(MinHash.bulk(tokens, num_perm=128)):
    lsh.query(signature)
    lsh.insert(number, signature, check_duplication=False)
print(time.perf_counter() - started, time.process_time() - before)
