"""The process that computes a run; see `worker.py`. Not a command for people."""

from symbiosis.matching.worker import serve

if __name__ == "__main__":
    serve()
