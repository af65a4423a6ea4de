"""What can go wrong in the library, as one small tree. Each message says what came, what was wanted and what to do."""


class ModelsError(Exception):
    """The root: catching it catches all that the library raises on purpose."""


class ArtifactError(ModelsError):
    """A weights folder that is missing, damaged, of another format, or whose labels this code does not know."""


class TopicFileError(ModelsError):
    """A topic file with a missing, unknown or wrong entry; the message names the file and the key."""


class TextError(ModelsError, ValueError):
    """A text that cannot be read: empty, too long, or holding a lone surrogate or a NUL."""
