"""VisiData (from PyPI) on the file that window.ts measures: first rows, whole file, memory, a search through all columns.

    python3 bench/viewer/visidata.py VD FILE     VD: path of its `vd`; Linux

It is driven in a terminal of its own, as a person would. It keeps every row as a Python object; ours keeps none.
"""
import os, pty, re, select, struct, sys, time, fcntl, termios

vd, file = sys.argv[1:3]


def main():
    started = time.monotonic()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", HOME="/tmp")
        os.execv(vd, [vd, "--nothing", "-f", "jsonl", file])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 160, 0, 0))
    seen = Screen(terminal)
    print(f"first rows        {seen.until('chunk_000000') - started:8.2f} s")
    print(f"whole file        {seen.until_idle(pid) - started:8.2f} s (to half a second)")
    print(f"memory            {rss(pid):8.0f} MB")
    asked = time.monotonic()
    os.write(terminal, b"g/needle-in-the-haystack\r")
    print(f"search, whole     {seen.until('matches') - asked:8.2f} s")
    os.kill(pid, 9)


class Screen:
    """What the terminal was told to show, without its control sequences."""

    def __init__(self, terminal):
        self.terminal, self.text = terminal, ""

    def until(self, wanted, most=600):
        deadline = time.monotonic() + most
        while time.monotonic() < deadline:
            self.read()
            if wanted in self.text:
                return time.monotonic()
        sys.exit(f"VisiData did not show {wanted!r} within {most} s; last: {self.text[-300:]!r}")

    def until_idle(self, pid):
        """It says so in ways that differ: it has read all when it has no more to do."""
        before = -1.0
        while True:
            ended = time.monotonic() + 0.5
            while time.monotonic() < ended:
                self.read()
            now = cpu(pid)
            if now - before < 0.1:
                return time.monotonic() - 0.5
            before = now

    def read(self):
        if not select.select([self.terminal], [], [], 0.05)[0]:
            return
        shown = os.read(self.terminal, 1 << 16).decode("utf8", "replace")
        self.text = (self.text + re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]", "", shown))[-20000:]


def cpu(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1000


main()
