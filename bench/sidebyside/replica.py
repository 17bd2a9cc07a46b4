"""What lies at a replica in a folder, whoever wrote it."""
import os
import time

POLL = 0.001


def files(folder):
    """Finished files of history: path -> size. Names in the making end in .tmp or begin with a dot."""
    found = {}
    for top, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith('.')]
        for name in names:
            if '.tmp' in name or name.startswith('.') or not name.endswith(('.ltx', '.lz4')):
                continue
            path = os.path.join(top, name)
            try:
                found[path] = os.path.getsize(path)
            except FileNotFoundError:
                pass
    return found


def size(folder):
    return sum(files(folder).values())


def await_that(fact, limit, poll=POLL):
    """Waits until the fact is true; gives the seconds it took, or fails."""
    start = time.monotonic()
    while not fact():
        if time.monotonic() - start > limit:
            raise TimeoutError(f'waited {limit} s in vain')
        time.sleep(poll)
    return time.monotonic() - start


def await_quiet(folder, run, still=2.5, limit=180):
    """Waits until there is history and none was added for a while; gives when the last file came."""
    seen, since, end = {}, time.monotonic(), time.monotonic() + limit
    while time.monotonic() < end:
        run.require_alive()
        now = files(folder)
        if now != seen:
            seen, since = now, time.monotonic()
        elif seen and time.monotonic() - since > still:
            return since
        time.sleep(0.02)
    raise TimeoutError(f'{folder} did not come to rest within {limit} s')
