"""A quote in its context -> the topics it is about, with the spans that carry each."""

from models.topics.files import TopicFile, load_files
from models.topics.judge import Topics

__all__ = ["TopicFile", "Topics", "load_files"]
