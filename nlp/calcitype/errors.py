"""What can be wrong with a request or a model."""


class InputError(ValueError):
    """A request that cannot be carried out; the message is one line for the user and quotes no report."""


class ModelError(RuntimeError):
    """A model that cannot be used; the message says why."""
