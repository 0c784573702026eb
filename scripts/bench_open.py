"""Runs `heapatlas stats` (and $PEER) on files and prints a table of medians."""
import json
import os
import statistics
import subprocess
import sys
import time


def run(command):
    """CPU seconds, wall seconds, peak MB and standard output of a command."""
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    wall = time.monotonic() - start
    if status:
        sys.exit(f"{command} failed")
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024 / 1e6, out


def medians(command, runs):
    """Medians of the figures of `runs` runs, and the output of the last."""
    results = [run(command) for _ in range(runs)]
    return [statistics.median(r[i] for r in results) for i in range(3)], results[-1][3]


def main():
    program, *files = sys.argv[1:]
    runs = int(os.environ.get("RUNS", "3"))
    peer = os.environ.get("PEER", "").split()
    print(f"{'file':28} {'MB':>6} {'CPU s':>7} {'wall s':>7} {'wall/CPU':>8} {'peak MB':>8} {'/file':>5} {'kept MB':>8} {'/file':>5}")
    for file in files:
        size = os.path.getsize(file) / 1e6
        for name, command in [("", [program, "stats", file, "--format", "json"])] + ([("peer ", peer + [file])] if peer else []):
            (cpu, wall, peak), out = medians(command, runs)
            label = name + os.path.basename(file)
            line = f"{label:28} {size:6.0f} {cpu:7.2f} {wall:7.2f} {wall / cpu:8.2f} {peak:8.0f} {peak / size:5.2f}"
            if name:
                print(line)
                continue
            totals = json.loads(out)["totals"]
            kept = totals["rss_bytes"] / 1e6
            print(f"{line} {kept:8.0f} {kept / size:5.2f}")
            print("    " + ", ".join(f"{stage} {ms:.0f} ms" for stage, ms in totals["timings_ms"].items()))


if __name__ == "__main__":
    main()
