"""The scripts and the style sheet of the pages, read from the files beside this one."""

from importlib.resources import files


def script(name: str, *helpers: str) -> str:
    """Return the script of one component, with the drawing helpers that all of them use, and those named."""
    return _together("dom.js", *(f"{one}.js" for one in (*helpers, name)))


def recall() -> str:
    """Return the function by which a page that is loaded again recalls its conversation."""
    return _together("recall.js")


def style() -> str:
    """Return the style sheet."""
    return _together("style.css", "evaluate.css")


def busy_script() -> str:
    """Return the script that tells a page when the server has no room."""
    return _together("busy.js")


def _together(*names: str) -> str:
    folder = files("ui")
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)
