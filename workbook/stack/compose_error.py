"""Why a Compose file cannot be used: by Compose itself, or by this workbook."""


class ComposeFileError(Exception):
    """The file cannot be used; the text says what is wrong, in a sentence."""


class NotReadError(ComposeFileError):
    """Compose knows what is said here, and this workbook does not read it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"this workbook does not read {what}; Docker does")
