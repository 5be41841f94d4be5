"""Every error that Dateline raises on purpose.

DatelineError
├── InputError              a command, option or question that cannot be used
├── LoadError               one file or row that cannot become an article
│   ├── UnknownFormatError  no loader reads this kind of file
│   ├── BrokenFileError     the loader gave up: damaged, too large, too slow
│   └── EmptyArticleError   the file was read, but holds no article text
├── ModelError              an embedding model or pipeline that cannot be loaded
└── LibraryError            the library folder
    ├── LibraryMissingError   there is none
    ├── LibraryInUseError     another process is writing to it
    ├── LibraryFormatError    written by a newer or unknown version
    ├── LibraryMismatchError  made with another model or other settings
    ├── LibraryDamagedError   its contents fail their checks
    ├── LibraryStorageError   the disk is full or the folder cannot be written
    └── ShardLostError        a part of a cluster library does not answer

Each message names the thing (file, folder, process) and the values; `remedy` says what to do about it.
"""


class DatelineError(Exception):
    """Base of all errors of this project.

    Args:
        message: What is wrong, naming the thing and the values.
        remedy: What the reader can do about it; empty when nothing can be done.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".rstrip()


class InputError(DatelineError):
    """A command, option or question cannot be used as given."""


class LoadError(DatelineError):
    """One file, or one row of a file, cannot become an article."""


class UnknownFormatError(LoadError):
    """No loader reads this kind of file."""


class BrokenFileError(LoadError):
    """The file is damaged, too large, or took too long to parse."""


class EmptyArticleError(LoadError):
    """The file was read but holds no article text."""


class ModelError(DatelineError):
    """An embedding model or language pipeline cannot be loaded or used."""


class LibraryError(DatelineError):
    """Something is wrong with the library folder."""


class LibraryMissingError(LibraryError):
    """There is no library in this folder."""


class LibraryInUseError(LibraryError):
    """Another live process holds the library's write lock."""


class LibraryFormatError(LibraryError):
    """The library was written by a newer or unknown version of Dateline."""


class LibraryMismatchError(LibraryError):
    """The library was made with another model or other chunk settings."""


class LibraryDamagedError(LibraryError):
    """The library's contents fail their checks."""


class LibraryStorageError(LibraryError):
    """The disk is full, or the library folder cannot be written."""


class ShardLostError(LibraryError):
    """A part of a cluster library, or all of them, cannot be reached now."""
