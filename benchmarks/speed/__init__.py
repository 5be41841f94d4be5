"""What Dateline costs beside a hand-written loop and other packages: `python -m benchmarks.speed`."""
