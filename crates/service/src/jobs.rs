//! Long work with progress: queued with a commit, run by the worker.
