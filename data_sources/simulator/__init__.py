"""Field systems of a believable city: what they would write, and the writing of it.

Everything but writer.py, desk.py, run.py and __main__.py is pure: the same seed and the same
times give the same messages. Nothing here is known to the control room; it is a producer
like any other, and a model of one.
"""
