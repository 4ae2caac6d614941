"""The stage of a play: a desk under a virtual clock, its people, and the verbs of steps."""
