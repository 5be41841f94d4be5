"""Questions asked again and again in the background while a test kills, unplugs or publishes something."""

import threading
import time

from ray_nodes import slowness


class Answers:
    """What has come back so far, with waiting for more of it."""

    def __init__(self):
        self.all = []
        self._grown = threading.Condition()
        self._ended = False

    def note(self, answer):
        with self._grown:
            self.all.append(answer)
            self._grown.notify_all()

    def end(self):
        """Say that no more will come."""
        with self._grown:
            self._ended = True
            self._grown.notify_all()

    def wait_for(self, more, what=lambda answer: True, seconds=60.0):  # noqa: ARG005 - any answer will do
        """Wait until so many more answers are such; those that are there already do not count."""
        with self._grown:
            start = len(self.all)

            def enough():
                return sum(map(what, self.all[start:])) >= more

            self._grown.wait_for(lambda: enough() or self._ended, seconds * slowness())
            assert enough(), f"waited in vain for {more} answers; the last: {self.all[-3:]}"


class Asking(Answers):
    """Asks from a thread of its own, from entering to leaving the context; stops at an error.

    Args:
        ask: Returns what is to be compared.
        want: What it must be.

    Attributes:
        all: For each question how many seconds it took.
        wrong: What was returned otherwise.
    """

    def __init__(self, ask, want):
        super().__init__()
        self.wrong = []
        self._ask, self._want = ask, want
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        while not self._done.is_set():
            started = time.monotonic()
            try:
                found = self._ask()
            except Exception as error:  # noqa: BLE001 - the test fails by it, not the thread alone
                found = error
            self.note(time.monotonic() - started)
            if found != self._want:
                self.wrong.append(found)

    def __enter__(self):
        self._thread.start()
        self.wait_for(5)
        return self

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()
