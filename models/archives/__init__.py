"""Archives: millions of articles through one model, on Ray Data, in parts that a stopped run need not do twice.

    sources.py   IN -> parts: which records belong together, and how they are read
    worker.py    a part -> its answers: what holds the model
    results.py   answers -> part files, whole or not at all; one file or a side file from many
    engine.py    the three as a Ray Data pipeline: readers, and actors that answer and write
    desk.py      OUT: what is done, what is missing, and that one run at a time writes there

A part is the unit of everything: of reading, of batching, of writing, of resuming. Which records it holds depends on IN and on the
size of a part alone, so a part done again after a kill is the same part.
"""
