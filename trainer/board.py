"""Shows what a job wrote for TensorBoard: `python board.py FOLDER [PORT]`. Prints a line of JSON with the `url`.

Listens on 127.0.0.1 only, and ends with whoever holds the other end of stdin.
"""

from __future__ import annotations

import json
import sys

from tensorboard import program


def main(folder: str, port: str = "0") -> None:
    board = program.TensorBoard()
    board.configure(argv=["tensorboard", "--logdir", folder, "--host", "127.0.0.1", "--port", port])
    print(json.dumps({"url": board.launch()}), flush=True)
    sys.stdin.buffer.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
