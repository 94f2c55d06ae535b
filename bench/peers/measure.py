"""What every peer is asked for, and how it is measured: `python PEER.py URL REQUESTS IN_FLIGHT FOLDER`."""

import json
import resource
import sys
import time
from collections.abc import Callable

url = sys.argv[1]
requests = int(sys.argv[2])
in_flight = int(sys.argv[3])
folder = sys.argv[4]
model = "gpt-4.1-mini"

# The same words as in `bench/engine/contender.ts`.
prompts = [f"Question {i}: {'what holds the arch of a bridge up? ' * 12}" for i in range(requests)]


def measured(work: Callable[[], int]) -> None:
    """Runs `work`, which says how many answers it has, and prints what that took: imports are not in it."""
    before = cpu_seconds()
    began = time.perf_counter()
    answers = work()
    ms = (time.perf_counter() - began) * 1000
    if answers != requests:
        raise SystemExit(f"{answers} answers to {requests} requests")
    rss_kb = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({"ms": ms, "cpuMs": (cpu_seconds() - before) * 1000, "rssMb": rss_kb / 1024}), flush=True)


def cpu_seconds() -> float:
    """Of this process, and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
