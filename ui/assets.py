"""The scripts and the style sheet of the pages, read from the files beside this one."""

from importlib.resources import files


def script(name: str) -> str:
    """Return the script of one component, with the drawing helpers that all of them use."""
    folder = files("ui")
    return "\n".join((folder / file).read_text(encoding="utf-8") for file in ("dom.js", f"{name}.js"))


def style() -> str:
    """Return the style sheet."""
    return (files("ui") / "style.css").read_text(encoding="utf-8")
